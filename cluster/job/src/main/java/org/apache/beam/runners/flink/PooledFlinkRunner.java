package org.apache.beam.runners.flink;

import dev.reelbeam.stages.pool.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsValidator;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.util.construction.SplittableParDo;
import org.apache.beam.sdk.util.construction.resources.PipelineResourcesOptions;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beam's Flink runner, and Flink obeys the pools that transforms are marked with.
 *
 * <p>Beam's own runner ignores resource hints. This one translates the pipeline as that does and
 * then gives <em>every</em> operator a slot sharing group: that of its pool, or {@code general}.
 * Each group demands an external resource of the pool's name from the TaskManager that it gets a
 * slot of. Without a demand of its own, {@code general} would take any slot, those of the other
 * pools too.
 *
 * <p>It stands in Beam's package because the translation's door is package-private; its calls are
 * those of {@code FlinkRunner.run} in Beam 2.70.0 and are compared again at every upgrade of Beam.
 * Holds under Flink's {@code Default} scheduler only; who submits checks that.
 */
@NullMarked
public final class PooledFlinkRunner extends PipelineRunner<PipelineResult> {
  private static final Logger log = LoggerFactory.getLogger(PooledFlinkRunner.class);

  /**
   * What a slot takes from Flink's books besides its pool's token. The tokens are what bounds a
   * pool; these only have to fit in any TaskManager.
   */
  private static final double SLOT_CPU_CORES = 0.01;

  private static final int SLOT_HEAP_MB = 1;

  private final FlinkPipelineOptions options;
  private final PooledFlinkOptions pools;

  private PooledFlinkRunner(FlinkPipelineOptions options) {
    this.options = options;
    this.pools = options.as(PooledFlinkOptions.class);
  }

  /** Called by Beam. */
  public static PooledFlinkRunner fromOptions(PipelineOptions options) {
    return new PooledFlinkRunner(
        PipelineOptionsValidator.validate(FlinkPipelineOptions.class, options));
  }

  @Override
  public PipelineResult run(Pipeline pipeline) {
    FlinkPipelineExecutionEnvironment environment = translate(pipeline);
    try {
      List<String> names = operators(environment.getStreamExecutionEnvironment());
      PipelineResult result = environment.executePipeline();
      noteNames(names);
      return result;
    } catch (Exception e) {
      throw new IllegalStateException("Flink did not take the job: " + e.getMessage(), e);
    }
  }

  /**
   * Names of the operators that hold state in the savepoint of the options and are not in the
   * pipeline any more; Flink refuses a job that leaves any behind unless it is allowed to.
   */
  public static List<String> stateLeftBehind(Pipeline pipeline) {
    PooledFlinkRunner runner = fromOptions(pipeline.getOptions());
    String savepoint = runner.options.getSavepointPath();
    if (savepoint == null) {
      return List.of();
    }
    try {
      return StateLeftBehind.of(savepoint, jobGraph(pipeline), runner.namesBefore());
    } catch (IOException e) {
      throw new UncheckedIOException(savepoint + " cannot be read", e);
    }
  }

  /**
   * Names of the transforms that keep state and of which the savepoint of the options knows
   * nothing: Flink lets them begin empty beside others that do not, and says nothing of it.
   */
  public static List<String> stateBegunEmpty(Pipeline pipeline) {
    String savepoint = pipeline.getOptions().as(FlinkPipelineOptions.class).getSavepointPath();
    if (savepoint == null) {
      return List.of();
    }
    try {
      return StateLeftBehind.unknown(savepoint, stateful(pipeline));
    } catch (IOException e) {
      throw new UncheckedIOException(savepoint + " cannot be read", e);
    }
  }

  private static List<String> stateful(Pipeline pipeline) {
    List<String> names = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> parDo
                && DoFnSignatures.isStateful(parDo.getFn())) {
              names.add(node.getFullName());
            }
          }
        });
    return names;
  }

  private List<String> namesBefore() throws IOException {
    String file = pools.getOperatorNames();
    return file == null || !Files.exists(Path.of(file))
        ? List.of()
        : Files.readAllLines(Path.of(file));
  }

  private void noteNames(List<String> names) throws IOException {
    String file = pools.getOperatorNames();
    if (file != null) {
      Path path = Path.of(file).toAbsolutePath();
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, names);
    }
  }

  /** What would be submitted; for tests of the placement and of the operators' ids. */
  public static JobGraph jobGraph(Pipeline pipeline) {
    PooledFlinkRunner runner = fromOptions(pipeline.getOptions());
    return runner
        .translate(pipeline)
        .getStreamExecutionEnvironment()
        .getStreamGraph()
        .getJobGraph();
  }

  /** Ids under which savepoints know the operators of a pipeline, sorted. */
  public static List<String> operators(Pipeline pipeline) {
    return operators(
        fromOptions(pipeline.getOptions()).translate(pipeline).getStreamExecutionEnvironment());
  }

  private static List<String> operators(StreamExecutionEnvironment environment) {
    // The transformations are still to be executed.
    return environment.getStreamGraph(/* clearTransformations= */ false).getStreamNodes().stream()
        .map(StreamNode::getTransformationUID)
        .filter(Objects::nonNull)
        .sorted()
        .toList();
  }

  private FlinkPipelineExecutionEnvironment translate(Pipeline pipeline) {
    SplittableParDo.convertReadBasedSplittableDoFnsToPrimitiveReadsIfNecessary(pipeline);
    MetricsEnvironment.setMetricsSupported(true);
    Map<String, Integer> slots = PoolSizes.parse(pools.getPools());
    int general = slots.getOrDefault(PoolSizes.GENERAL, 1);
    options.setParallelism(general);
    stageNothing(options);
    Map<String, String> poolOf = marked(pipeline);
    FlinkPipelineExecutionEnvironment environment = new FlinkPipelineExecutionEnvironment(options);
    environment.translate(pipeline);
    place(environment.getStreamExecutionEnvironment(), poolOf, slots);
    return environment;
  }

  /**
   * The job is on the class path of every process of Flink. What is staged as well gets a class
   * loader of its own at each restart: megabytes are sent, classes are loaded and compiled anew,
   * and a native library, which a JVM loads once, is not found by the second. An empty list of
   * files alone does not say so: Beam then takes all of the class path.
   */
  private static void stageNothing(FlinkPipelineOptions options) {
    options.setFilesToStage(List.of());
    options.as(PipelineResourcesOptions.class).setPipelineResourcesDetector(loader -> List.of());
  }

  /** Full names of the marked transforms, and their pools. */
  private static Map<String, String> marked(Pipeline pipeline) {
    Map<String, String> poolOf = new TreeMap<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            note(node);
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            note(node);
          }

          private void note(TransformHierarchy.Node node) {
            if (node.getTransform() != null) {
              WorkerPool.of(node.getTransform().getResourceHints())
                  .ifPresent(pool -> poolOf.put(node.getFullName(), pool));
            }
          }
        });
    return poolOf;
  }

  private static void place(
      StreamExecutionEnvironment environment,
      Map<String, String> poolOf,
      Map<String, Integer> slots) {
    Map<String, SlotSharingGroup> groups = new HashMap<>();
    slots.keySet().forEach(pool -> groups.put(pool, group(pool)));
    groups.values().forEach(environment::registerSlotSharingGroup);
    Map<String, Integer> counts = new TreeMap<>();
    for (Transformation<?> operator : withPredecessors(environment.getTransformations())) {
      String pool = poolOf(operator.getName(), poolOf).orElse(PoolSizes.GENERAL);
      SlotSharingGroup group = groups.get(pool);
      if (group == null) {
        throw new IllegalArgumentException(
            "'" + operator.getName() + "' asks for the pool '" + pool + "'; --pools has " + slots);
      }
      operator.setSlotSharingGroup(group);
      if (!pool.equals(PoolSizes.GENERAL)) {
        // As many tasks as the pool has slots: more would wait for a slot for ever.
        operator.setParallelism(slots.getOrDefault(pool, 1));
      }
      counts.merge(pool, 1, Integer::sum);
    }
    log.info("operators by pool: {}", counts);
  }

  private static SlotSharingGroup group(String pool) {
    return SlotSharingGroup.newBuilder(pool)
        .setCpuCores(SLOT_CPU_CORES)
        .setTaskHeapMemoryMB(SLOT_HEAP_MB)
        .setExternalResource(pool, 1.0)
        .build();
  }

  private static Optional<String> poolOf(String operator, Map<String, String> poolOf) {
    return poolOf.entrySet().stream()
        .filter(
            marked ->
                operator.equals(marked.getKey()) || operator.startsWith(marked.getKey() + "/"))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Collection<Transformation<?>> withPredecessors(List<Transformation<?>> sinks) {
    Set<Transformation<?>> all = new HashSet<>();
    Deque<Transformation<?>> open = new ArrayDeque<>(sinks);
    while (!open.isEmpty()) {
      Transformation<?> next = open.pop();
      if (all.add(next)) {
        open.addAll(next.getInputs());
      }
    }
    return all;
  }
}
