package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.stages.coder.RecordCoder;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a savepoint holds of a job: cells of state, timers, and in which form they are written. A
 * cell that gets another name or another form is lost, or keeps the next release from starting.
 */
class SavepointFormatTest {
  private static final Path ROOT = Path.of(System.getProperty("reelbeam.root", "../.."));
  private static final Path GOLDEN_LISTS = ROOT.resolve("cluster/job/src/test/resources");
  private static final Path GOLDEN_RECORDS =
      ROOT.resolve("transforms/stages/src/test/resources/dev/reelbeam/stages/coder/golden");

  @TempDir Path home;
  private final Set<String> recordTypes = new TreeSet<>();
  private String connections = "";

  @BeforeEach
  void nameServices() throws IOException {
    Path file = home.resolve("connections.properties");
    Files.writeString(
        file,
        "kafka.bootstrap=127.0.0.1:1\npostgres.url=jdbc:postgresql://127.0.0.1:1/none\n"
            + "postgres.password=none\ns3.bucket=none\n",
        StandardCharsets.UTF_8);
    connections = "--connections=" + file;
  }

  @Test
  void everyCellOfStateKeepsItsNameAndItsForm() throws Exception {
    assertKept("states.txt", states(videos()));
    assertKept("measure-states.txt", states(measure()));
  }

  @Test
  void everyRecordThatASavepointCanHoldHasAGoldenFile() throws Exception {
    states(videos());
    states(measure());
    assertThat(recordTypes).hasSizeGreaterThan(20);
    assertThat(recordTypes)
        .as("types without a golden file: see GoldenRecordsTest")
        .allMatch(type -> Files.exists(GOLDEN_RECORDS.resolve(simpleName(type) + "-1.json")));
  }

  private Pipeline videos() throws Exception {
    return GenerateVideos.graph(
        GenerateVideos.options("--flinkMaster=[local]", connections, "--home=" + home));
  }

  private Pipeline measure() throws Exception {
    return MeasureEngagementJob.graph(
        MeasureEngagementJob.options("--flinkMaster=[local]", connections));
  }

  private static void assertKept(String file, List<String> lines) throws IOException {
    Path golden = GOLDEN_LISTS.resolve(file);
    if (Boolean.getBoolean("golden.write")) {
      Files.write(golden, lines);
    }
    assertThat(lines)
        .as(
            "state of a running job changes its name or form. Where that is meant, write the list"
                + " anew with -Dgolden.write=true and say in the change log what becomes of it")
        .isEqualTo(Files.readAllLines(golden));
  }

  /** A line for each cell and timer, sorted. */
  private List<String> states(Pipeline pipeline) {
    List<String> lines = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> parDo) {
              lines.addAll(states(node.getFullName(), parDo.getFn()));
            }
          }

          @Override
          public void visitValue(PValue value, TransformHierarchy.Node producer) {
            if (value instanceof PCollection<?> elements) {
              described(elements.getCoder());
            }
          }
        });
    return lines.stream().sorted().toList();
  }

  private List<String> states(String operator, DoFn<?, ?> fn) {
    List<String> lines = new ArrayList<>();
    DoFnSignature signature = DoFnSignatures.signatureForDoFn(fn);
    for (DoFnSignature.StateDeclaration state : signature.stateDeclarations().values()) {
      lines.add(operator + ": state " + state.id() + " = " + described(specOf(state.field(), fn)));
    }
    for (DoFnSignature.TimerDeclaration timer : signature.timerDeclarations().values()) {
      lines.add(
          operator
              + ": timer "
              + timer.id()
              + " = "
              + DoFnSignatures.getTimerSpecOrThrow(timer, fn).getTimeDomain());
    }
    return lines;
  }

  private static StateSpec<?> specOf(Field field, DoFn<?, ?> fn) {
    try {
      field.setAccessible(true);
      return (StateSpec<?>) Objects.requireNonNull(field.get(fn));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private String described(StateSpec<?> spec) {
    return spec.match(
        new StateSpec.Cases<String>() {
          @Override
          public String dispatchValue(Coder<?> coder) {
            return "value of " + described(coder);
          }

          @Override
          public String dispatchBag(Coder<?> coder) {
            return "bag of " + described(coder);
          }

          @Override
          public String dispatchMap(Coder<?> keys, Coder<?> values) {
            return "map of " + described(keys) + " to " + described(values);
          }

          @Override
          public String dispatchOrderedList(Coder<?> coder) {
            return "list of " + described(coder);
          }

          @Override
          public String dispatchSet(Coder<?> coder) {
            return "set of " + described(coder);
          }

          @Override
          public String dispatchMultimap(Coder<?> keys, Coder<?> values) {
            return "multimap of " + described(keys) + " to " + described(values);
          }

          @Override
          public String dispatchCombining(
              Combine.CombineFn<?, ?, ?> combine, Coder<?> accumulators) {
            return "sum of " + described(accumulators);
          }
        });
  }

  private String described(Coder<?> coder) {
    if (coder instanceof RecordCoder<?> records) {
      String type = records.getEncodedTypeDescriptor().getRawType().getName();
      recordTypes.add(type);
      return type;
    }
    String name = coder.getClass().getSimpleName();
    List<? extends Coder<?>> parts = coder.getCoderArguments();
    return parts == null || parts.isEmpty()
        ? name
        : name + parts.stream().map(this::described).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String simpleName(String type) {
    return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
  }
}
