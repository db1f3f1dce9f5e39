package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeRenderCredits;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.Happening;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DispatchByCreditsTest {
  private static final int LOW_EVERY = 4;

  private static final Queue<String> RELEASED = new ConcurrentLinkedQueue<>();
  private static final Queue<SegmentResult> RESULTS = new ConcurrentLinkedQueue<>();
  private static FakeProjectLedger ledger = new FakeProjectLedger();
  private static FakeRenderCredits credits = new FakeRenderCredits();
  private static FakeObjectStore store = new FakeObjectStore(Path.of("unset"));

  @BeforeEach
  void freshWorld() {
    RELEASED.clear();
    RESULTS.clear();
    ledger = new FakeProjectLedger();
    credits = new FakeRenderCredits();
    store = new FakeObjectStore(Path.of("unset"));
  }

  @Test
  void twoRequestsPerSlotAreOutAndTheNextFollowsACredit() {
    run(
        arrives("a", "normal", 4),
        Happening.millis(1_000),
        Happening.edit(() -> assertThat(RELEASED).containsExactly("a/0", "a/1")),
        Happening.edit(() -> credits.giveBack("a/0")),
        Happening.millis(1_000),
        Happening.edit(() -> assertThat(RELEASED).containsExactly("a/0", "a/1", "a/2")),
        Happening.edit(() -> credits.giveBack("a/0")),
        Happening.millis(1_000));

    assertThat(RELEASED).containsExactly("a/0", "a/1", "a/2");
  }

  @Test
  void aHighPriorityTakesTheNextFreeSlotAndTheLiveLaneGoesBeforeTheLowOne() {
    run(
        arrives("low", "low", 3),
        arrives("live", "normal", 2),
        arrives("high", "high", 2),
        Happening.edit(() -> giveBack("low/0", "low/1")),
        Happening.millis(1_000),
        Happening.edit(() -> giveBack("high/0", "high/1")),
        Happening.millis(1_000),
        Happening.edit(() -> giveBack("live/0", "live/1")),
        Happening.millis(1_000));

    // The fourth request since the low lane had one is the low lane's.
    assertThat(RELEASED)
        .containsExactly("low/0", "low/1", "high/0", "high/1", "live/0", "low/2", "live/1");
  }

  @Test
  void eachPoolHasALineAndSlotsOfItsOwn() {
    ledger.admit(Videos.entry("other", 1, "content", "normal"));
    run(
        arrives("usual", "normal", 4),
        Happening.of(plan("other", "normal", 5, "cpu-render")),
        Happening.millis(1_000),
        Happening.edit(() -> giveBack("other/0")),
        Happening.millis(1_000));

    // Two slots of two, then one more; the usual pool's one slot of two is as full as before.
    assertThat(RELEASED)
        .containsExactlyInAnyOrder(
            "usual/0", "usual/1", "other/0", "other/1", "other/2", "other/3", "other/4");
  }

  @Test
  void aRenderWhoseEpochIsOverIsDroppedWhenItsTurnComes() {
    run(
        arrives("a", "normal", 2),
        arrives("b", "normal", 5),
        arrives("c", "normal", 1),
        Happening.edit(() -> cancel("b")),
        Happening.edit(() -> giveBack("a/0", "a/1")),
        Happening.millis(1_000));

    assertThat(RELEASED).containsExactly("a/0", "a/1", "c/0");
    assertThat(RESULTS).extracting(SegmentResult::renderId).containsExactly("b");
    assertThat(RESULTS).allMatch(SegmentResult::isDropped);
  }

  @Test
  void whatIsStoredStandsInNoLine() {
    store.putIfAbsent(
        new StepKey("a-segment-1"),
        store.put("bytes".getBytes(StandardCharsets.UTF_8), "video/mp4"));
    run(arrives("a", "normal", 3));

    assertThat(RELEASED).containsExactly("a/0", "a/2");
    assertThat(RESULTS).extracting(SegmentResult::index).containsExactly(1);
    assertThat(RESULTS).allMatch(SegmentResult::found);
  }

  @Test
  void aLostTicketIsTakenAsGivenBackAfterAWhile() {
    run(
        arrives("a", "normal", 3),
        Happening.millis(300_000),
        Happening.edit(() -> assertThat(RELEASED).containsExactly("a/0", "a/1")),
        Happening.millis(601_000));

    assertThat(RELEASED).containsExactly("a/0", "a/1", "a/2");
  }

  @Test
  void theSameRenderTwiceIsOneRender() {
    run(arrives("a", "normal", 5), Happening.of(plan("a", "normal", 5)), Happening.millis(1_000));

    assertThat(RELEASED).containsExactly("a/0", "a/1");
  }

  /** However the others come and go: while the low lane waits, every fourth request is its. */
  @Property(tries = 200)
  void theLowLaneIsNeverStarved(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 2) Integer> ranks) {
    DispatchQueue queue = DispatchQueue.EMPTY;
    List<Integer> released = new ArrayList<>();
    for (int i = 0; i < ranks.size(); i++) {
      queue = queue.with("r" + i, "p" + i, 0, ranks.get(i));
    }
    int sinceLow = 0;
    for (int step = 0; step < 100; step++) {
      boolean lowWaits = queue.waiting().stream().anyMatch(one -> one.rank() == 2);
      DispatchQueue.Waiting next = queue.next(LOW_EVERY);
      if (next == null) {
        break;
      }
      queue = queue.released(next, step % 3 == 2, new DispatchQueue.Ticket("t" + step, 0));
      released.add(next.rank());
      sinceLow = next.rank() == 2 || !lowWaits ? 0 : sinceLow + 1;
      assertThat(sinceLow).as("live requests in a row while low waits").isLessThan(LOW_EVERY);
    }
    assertThat(released).isNotEmpty();
  }

  @Test
  void whatIsKeptInStateIsReadByLaterReleases() {
    DispatchQueue queue =
        DispatchQueue.EMPTY
            .with("r", "p", 3, 1)
            .withOut(List.of(new DispatchQueue.Ticket("r/0", 5)));
    String golden =
        "{\"arrivals\":1,\"out\":[{\"id\":\"r/0\",\"released_ms\":5}],\"since_low\":0,"
            + "\"waiting\":[{\"arrival\":0,\"epoch\":3,\"next\":0,\"project\":\"p\",\"rank\":1,"
            + "\"render_id\":\"r\"}]}";
    assertThat(RecordJson.canonical(queue)).isEqualTo(golden);
    assertThat(RecordJson.read(golden, DispatchQueue.class)).isEqualTo(queue);
  }

  private static void giveBack(String... tickets) {
    for (String ticket : tickets) {
      credits.giveBack(ticket);
    }
  }

  private static void cancel(String project) {
    ledger.apply(
        ControlEvent.of("cancel-" + project, ControlType.CANCEL, project, "ann", 7),
        1,
        ProjectEdits.NONE,
        ProjectStatus.CANCELLED);
  }

  private static Happening arrives(String project, String priority, int segments) {
    ledger.admit(Videos.entry(project, 1, "content", priority));
    return Happening.of(plan(project, priority, segments));
  }

  private static RenderPlan plan(String project, String priority, int segments) {
    return plan(project, priority, segments, null);
  }

  private static RenderPlan plan(
      String project, String priority, int segments, @Nullable String pool) {
    NarratedVideo narrated = Videos.narrated(project, 1, "auto", "s");
    PlannedVideo planned = narrated.planned();
    PlannedVideo prioritized =
        new PlannedVideo(
            planned.key(),
            planned.content(),
            planned.title(),
            planned.settings(),
            planned.brand(),
            planned.variant(),
            null,
            planned.assets(),
            new Handling(1, planned.handling().review(), priority).renderedOn(pool));
    LaidOutVideo video =
        new LaidOutVideo(
            new IllustratedVideo(
                new NarratedVideo(prioritized, narrated.script(), narrated.narration(), 8_000, 0),
                Videos.ref("storyboard"),
                List.of()),
            Videos.ref("timeline"),
            120);
    List<RenderPlan.PlannedSegment> segmentPlans = new ArrayList<>();
    for (int i = 0; i < segments; i++) {
      segmentPlans.add(
          new RenderPlan.PlannedSegment(project + "-segment-" + i, Videos.ref("description"), 30));
    }
    return new RenderPlan(project, video, "{}", segmentPlans);
  }

  private static void run(Happening... happenings) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    Providers providers =
        new Providers(
                () -> store,
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE)
            .withProjects(() -> ledger)
            .withCredits(() -> credits);
    PCollectionTuple dispatched =
        Happening.in(pipeline, RenderPlan.class, happenings)
            .elements(RenderPlan.class)
            .apply(
                DispatchByCredits.with(
                    providers,
                    new DispatchSettings(1, 2, LOW_EVERY, 250, 600_000, Map.of("cpu-render", 2)),
                    false));
    dispatched.get(DispatchByCredits.REQUESTS).apply("Requests", ParDo.of(new RequestFn()));
    dispatched.get(DispatchByCredits.RESULTS).apply("Seen", ParDo.of(new ResultFn()));
    pipeline.run().waitUntilFinish();
  }

  private static final class RequestFn extends DoFn<SegmentRequest, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element SegmentRequest request) {
      RELEASED.add(request.ticket());
    }
  }

  private static final class ResultFn extends DoFn<SegmentResult, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element SegmentResult result) {
      RESULTS.add(result);
    }
  }
}
