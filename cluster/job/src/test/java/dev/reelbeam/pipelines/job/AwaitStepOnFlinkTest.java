package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.SmallVideos;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.step.AwaitSettings;
import dev.reelbeam.stages.step.AwaitStep;
import dev.reelbeam.stages.step.Retries;
import dev.reelbeam.stages.step.Step;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.flink.JobsOnFlink;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of calls that are out when a job ends: its successor, from a savepoint on Flink's
 * runtime, has the requests in state and submits them once more.
 */
class AwaitStepOnFlinkTest {
  private static final String ANSWERED = "answered";
  private static final String BROKEN = "broken";
  private static final String REQUESTS = "requests";

  private static final LeasedStore STORE = new LeasedStore();
  private static final Queue<String> BOUGHT = new ConcurrentLinkedQueue<>();
  private static final Queue<String> RESULTS = new ConcurrentLinkedQueue<>();
  private static final CountDownLatch PROVIDER_ANSWERS = new CountDownLatch(1);
  private static final CountDownLatch CONNECTION_BREAKS = new CountDownLatch(1);

  @TempDir private Path savepoints;
  @TempDir private Path letters;

  @Test
  void aRestoredRequestIsSubmittedOnceMoreUnderTheSameKeyAndTheSameLease() throws Exception {
    try (JobsOnFlink flink = JobsOnFlink.start()) {
      JobID first = flink.run(this::graph);
      JobsOnFlink.send(REQUESTS, new Ask(ANSWERED), new Ask(BROKEN));
      await(() -> BOUGHT.size() == 2);

      // No call is waited for, and both go on behind the job's back, as on a worker that hangs.
      String savepoint = flink.stop(first, savepoints);
      JobID second = flink.resume(savepoint, this::graph);
      await(() -> STORE.asked(BuyStep.key(ANSWERED)) == 2 && STORE.asked(BuyStep.key(BROKEN)) == 2);
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(BOUGHT)
          .as("nothing is bought while the former life holds the leases")
          .containsExactlyInAnyOrder(ANSWERED, BROKEN);

      // What the former life bought is found; what broke off with it is bought, once.
      PROVIDER_ANSWERS.countDown();
      await(() -> RESULTS.contains(ANSWERED));
      CONNECTION_BREAKS.countDown();
      await(() -> RESULTS.contains(BROKEN));
      TimeUnit.MILLISECONDS.sleep(500);

      assertThat(BOUGHT).containsExactlyInAnyOrder(ANSWERED, BROKEN, BROKEN);
      assertThat(RESULTS).containsExactly(ANSWERED, BROKEN);
      assertThat(STORE.asked.keySet())
          .as("no other key, however often a request is submitted")
          .containsExactlyInAnyOrder(BuyStep.key(ANSWERED), BuyStep.key(BROKEN));
      assertThat(STORE.asked(BuyStep.key(ANSWERED))).isEqualTo(2);
      assertThat(STORE.asked(BuyStep.key(BROKEN))).isEqualTo(2);
      assertThat(DeadLetterIO.read(letters)).isEmpty();
      flink.cancel(second);
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    JobsOnFlink.await(
        condition, () -> "bought " + BOUGHT + ", leases " + STORE.asked + ", results " + RESULTS);
  }

  private void graph(Pipeline pipeline) {
    try (var handler = pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(letters))) {
      JobsOnFlink.mail(pipeline, REQUESTS, Ask.class)
          .apply(
              "Stage",
              AwaitStep.apply(
                  Stage.PLAN_VISUALS,
                  "visuals",
                  new BuyStep(),
                  Ask.class,
                  Ask.class,
                  new AwaitSettings(
                      4,
                      new Retries(3, 100, 1_000, 1_000, 60_000),
                      60_000,
                      100,
                      /* inBundle= */ false),
                  () -> Progress.NONE,
                  new DeadLetters.Lane(handler)))
          .apply("Collect", ParDo.of(new CollectFn()));
    }
  }

  record Ask(String id) implements Tracked {
    @Override
    public RecordKey recordKey() {
      return new RecordKey(id, 1);
    }

    @Override
    public List<String> presets() {
      return SmallVideos.PRESETS;
    }
  }

  /** A store with leases that one thread has at a time, and which remembers who asked for which. */
  private static final class LeasedStore extends FakeObjectStore {
    private final Map<StepKey, Semaphore> leases = new ConcurrentHashMap<>();
    private final Map<StepKey, Integer> asked = new ConcurrentHashMap<>();

    LeasedStore() {
      super(Path.of("unset"));
    }

    int asked(StepKey key) {
      return asked.getOrDefault(key, 0);
    }

    @Override
    public Lease lease(StepKey key) {
      asked.merge(key, 1, Integer::sum);
      Semaphore lease = leases.computeIfAbsent(key, unused -> new Semaphore(1));
      lease.acquireUninterruptibly();
      return lease::release;
    }
  }

  /** Buys as every step does; the first purchase of each hangs, whatever becomes of its job. */
  private static final class BuyStep implements Step<Ask, Ask> {
    private static final long serialVersionUID = 1L;

    static StepKey key(String id) {
      return StepKey.of("buy", 1, id);
    }

    @Override
    public Ask apply(Ask input) throws StageException {
      String id = input.id();
      return new Artifacts(STORE, Progress.NONE)
          .record(
              Stage.PLAN_VISUALS,
              "picture",
              key(id),
              Ask.class,
              () -> {
                BOUGHT.add(id);
                if (Collections.frequency(BOUGHT, id) == 1) {
                  hang(id.equals(ANSWERED) ? PROVIDER_ANSWERS : CONNECTION_BREAKS);
                  if (id.equals(BROKEN)) {
                    throw new StageException(FailureCode.PROVIDER_UNREACHABLE, "cut off");
                  }
                }
                return input;
              })
          .value();
    }

    private static void hang(CountDownLatch until) {
      while (true) {
        try {
          until.await();
          return;
        } catch (InterruptedException e) {
          // A worker that hangs hears nothing.
        }
      }
    }
  }

  private static final class CollectFn extends DoFn<Ask, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Ask result) {
      RESULTS.add(result.id());
    }
  }
}
