package dev.reelbeam.stages.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.media.caption.CaptionWord;
import dev.reelbeam.media.caption.SubtitleCue;
import dev.reelbeam.media.caption.SubtitleFiles;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.Deliveries;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.LooseBills;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.narration.CaptionWords;
import dev.reelbeam.stages.narration.VoiceTrack;
import dev.reelbeam.stages.step.ProvidedStep;
import dev.reelbeam.stages.step.Step;
import dev.reelbeam.stages.visuals.Storyboard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what a delivery consists of: the video, its captions as files, thumbnails, texts
 * for the platform, structured data, and the documents it was made from.
 */
public final class DeliverVideo<InputT extends Tracked> extends ProvidedStep<InputT, Deliveries> {
  private static final long serialVersionUID = 1L;

  /** Raised whenever the same video would be delivered with other files. */
  private static final int VERSION = 3;

  private static final int WAV_VERSION = 1;

  private final @Nullable String mediaBaseUrl;
  private transient @Nullable ScriptWriter writer;
  private transient @Nullable ProjectLedger ledger;
  private transient @Nullable ArmChooser arms;

  private DeliverVideo(Providers providers, @Nullable String mediaBaseUrl) {
    super(providers);
    this.mediaBaseUrl = mediaBaseUrl;
  }

  /**
   * Delivers finished videos.
   *
   * @param mediaBaseUrl where their files will be on the web; null: structured data is left out
   */
  public static Step<CheckedVideo, Deliveries> ofVideo(
      Providers providers, @Nullable String mediaBaseUrl) {
    return new DeliverVideo<>(providers, mediaBaseUrl);
  }

  /** Delivers script and narration only. */
  public static Step<NarratedVideo, Deliveries> ofNarration(Providers providers) {
    return new DeliverVideo<>(providers, null);
  }

  /** Delivers everything up to the storyboard. */
  public static Step<IllustratedVideo, Deliveries> ofStoryboard(Providers providers) {
    return new DeliverVideo<>(providers, null);
  }

  /** Delivers everything up to the timeline. */
  public static Step<LaidOutVideo, Deliveries> ofLayout(Providers providers) {
    return new DeliverVideo<>(providers, null);
  }

  /** One element per delivery. */
  public static PTransform<PCollection<? extends Deliveries>, PCollection<Delivery>> fanOut() {
    return FlatMapElements.into(TypeDescriptor.of(Delivery.class)).via(Deliveries::deliveries);
  }

  @Override
  public void open() {
    super.open();
    writer = providers().scripts().open();
    ledger = providers().projects().open();
    arms = providers().arms().open();
  }

  @Override
  public void close() {
    if (ledger != null) {
      ledger.close();
    }
    if (arms != null) {
      arms.close();
    }
    super.close();
  }

  @Override
  public Deliveries apply(InputT input) throws StageException {
    CheckedVideo checked = input instanceof CheckedVideo video ? video : null;
    LaidOutVideo laidOut =
        checked != null
            ? checked.assembled().video()
            : input instanceof LaidOutVideo video ? video : null;
    IllustratedVideo illustrated =
        laidOut != null
            ? laidOut.illustrated()
            : input instanceof IllustratedVideo video ? video : null;
    NarratedVideo narrated =
        illustrated != null ? illustrated.narrated() : (NarratedVideo) (Object) input;
    int found = checked == null ? 0 : checked.assembled().segmentsFound();
    int rendered = checked == null ? 0 : checked.assembled().segmentsRendered();
    PostingPlan posting =
        checked == null
            ? PostingPlan.none(narrated.planned())
            : PostingPlan.draw(
                narrated.planned(), Objects.requireNonNull(arms, "open() first"), artifacts());
    // How much was found says nothing about what is delivered: it stays out of the key.
    List<Object> inputs =
        new ArrayList<>(
            List.of(
                narrated.planned().handledPlainly(),
                narrated.script(),
                narrated.narration(),
                illustrated == null ? "" : illustrated.storyboard(),
                laidOut == null ? "" : laidOut.timeline(),
                checked == null ? "" : checked.assembled().mp4(),
                checked == null ? "" : checked.report(),
                Objects.requireNonNull(writer).identity(),
                mediaBaseUrl == null ? "" : mediaBaseUrl,
                providers().rates()));
    if (!posting.key().isEmpty()) {
      inputs.add(posting.key());
    }
    if (checked != null && checked.proof() != null) {
      inputs.add(checked.proof());
    }
    StepKey key = StepKey.of("deliver", VERSION, inputs.toArray());
    Deliveries stored =
        artifacts()
            .record(
                Stage.DELIVER,
                "delivery",
                key,
                Deliveries.class,
                () -> make(narrated, illustrated, laidOut, checked, posting))
            .value();
    Deliveries deliveries =
        new Deliveries(
            stored.deliveries().stream()
                .map(one -> one.withSegments(found, rendered).withEpoch(input.epoch()))
                .toList());
    if (input.epoch() > 0) {
      if (checked != null && illustrated != null) {
        Objects.requireNonNull(ledger)
            .describe(
                MadeVideos.of(
                    checked,
                    artifacts().read(narrated.script(), Script.class),
                    artifacts().read(illustrated.storyboard(), Storyboard.class),
                    deliveries.deliveries(),
                    store(),
                    mediaBaseUrl));
      }
      // Before anybody hears of the files: a project's row is never behind them.
      for (Delivery delivery : deliveries.deliveries()) {
        Objects.requireNonNull(ledger)
            .settle(
                new DeliveryOutcome(
                    delivery.key(),
                    delivery.preset(),
                    input.epoch(),
                    DeliveryState.COMPLETED,
                    delivery,
                    null));
      }
    }
    return deliveries;
  }

  private Deliveries make(
      NarratedVideo narrated,
      @Nullable IllustratedVideo illustrated,
      @Nullable LaidOutVideo laidOut,
      @Nullable CheckedVideo checked,
      PostingPlan posting)
      throws StageException {
    PlannedVideo planned = narrated.planned();
    Map<String, MediaRef> shared = new LinkedHashMap<>();
    Script script = artifacts().read(narrated.script(), Script.class);
    Narration narration = artifacts().read(narrated.narration(), Narration.class);
    Storyboard storyboard =
        illustrated == null ? null : artifacts().read(illustrated.storyboard(), Storyboard.class);
    shared.put(
        "script.json",
        store()
            .put(ScriptDocument.write(script, narrated.script(), storyboard), "application/json"));
    shared.put("words.json", narrated.narration());
    shared.put("narration.wav", narrationWav(narrated.narration()));
    captions(script, narration, shared);
    if (illustrated != null) {
      shared.put("storyboard.json", illustrated.storyboard());
    }
    if (laidOut != null) {
      shared.put("timeline.json", laidOut.timeline());
    }
    ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
    Proof proof =
        checked == null
            ? null
            : proof(checked, planned, content, script, Objects.requireNonNull(storyboard));
    if (checked != null && proof != null) {
      shared.put("video.mp4", checked.assembled().mp4());
      shared.put("checks.json", checked.report());
      shared.putAll(proof.stills());
    }
    List<Delivery> deliveries = new ArrayList<>();
    for (String presetId : planned.presets()) {
      Map<String, MediaRef> files = new LinkedHashMap<>(shared);
      Preset preset = Presets.find(presetId).orElseThrow();
      if (checked != null && proof != null) {
        if (checked.assembled().mp4().sizeBytes() > preset.maxBytes()) {
          throw new StageException(
              FailureCode.CHECK_FAILED,
              "the file has "
                  + checked.assembled().mp4().sizeBytes()
                  + " bytes, "
                  + presetId
                  + " takes "
                  + preset.maxBytes());
        }
        Costs.Account costs =
            Costs.of(
                checked,
                script,
                narration,
                Objects.requireNonNull(storyboard),
                new LooseBills(artifacts()).of(planned.key(), planned.variant().id()),
                providers().rates());
        texts(
            content,
            script,
            narration.voiceId(),
            planned.script() != null,
            preset,
            checked,
            storyboard,
            costs,
            posting,
            proof,
            files);
      }
      deliveries.add(
          new Delivery(
              planned.key(),
              presetId,
              planned.variant().id(),
              content.title(),
              narrated.durationMs(),
              0,
              0,
              files));
    }
    return new Deliveries(List.copyOf(deliveries));
  }

  /** What was decided about, to the letter; where nobody decided it is made now. */
  private Proof proof(
      CheckedVideo checked,
      PlannedVideo planned,
      ContentRecord content,
      Script script,
      Storyboard storyboard)
      throws StageException {
    MediaRef approved = checked.proof();
    return approved != null
        ? artifacts().read(approved, Proof.class)
        : Proof.of(
            checked.assembled().mp4(),
            planned,
            content,
            script,
            storyboard,
            Objects.requireNonNull(writer),
            artifacts());
  }

  /** The voice in one piece: made once for all records that say the same. */
  private MediaRef narrationWav(MediaRef narration) throws StageException {
    return artifacts()
        .bytes(
            Stage.DELIVER,
            "narration",
            StepKey.of("narration-wav", WAV_VERSION, narration),
            () -> {
              Path draft = null;
              try {
                draft = Files.createTempFile("reelbeam-", ".wav");
                VoiceTrack.of(artifacts().read(narration, Narration.class), store())
                    .writeWav(draft);
                return store().put(draft, "audio/wav");
              } catch (IOException e) {
                throw new StoreException(
                    FailureCode.STORAGE_UNAVAILABLE, "cannot write a temporary file", e);
              } finally {
                if (draft != null) {
                  draft.toFile().delete();
                }
              }
            })
        .value();
  }

  private void captions(Script script, Narration narration, Map<String, MediaRef> files) {
    List<CaptionWord> words = CaptionWords.of(narration);
    List<SubtitleCue> cues = SubtitleFiles.cues(words, narration.durationMs());
    files.put(
        "captions.srt",
        store()
            .put(
                SubtitleFiles.toSrt(cues).getBytes(StandardCharsets.UTF_8),
                "application/x-subrip"));
    files.put(
        "captions.vtt",
        store()
            .put(
                SubtitleFiles.toVtt(cues, script.language()).getBytes(StandardCharsets.UTF_8),
                "text/vtt"));
  }

  private void texts(
      ContentRecord content,
      Script script,
      String voice,
      boolean edited,
      Preset preset,
      CheckedVideo checked,
      Storyboard storyboard,
      Costs.Account costs,
      PostingPlan posting,
      Proof proof,
      Map<String, MediaRef> files) {
    Platform platform = preset.platform();
    SeoMetadata seo = proof.texts(preset.id());
    String description = seo.description();
    if (platform == Platform.YOUTUBE) {
      description = Chapters.append(description, proof.chapters(), platform.descriptionLimit());
    }
    MediaRef mp4 = checked.assembled().mp4();
    ObjectNode metadata = RecordJson.newObject();
    metadata.put("record_id", content.key().recordId());
    metadata.put("revision", content.key().revision());
    metadata.put("preset", preset.id());
    metadata.put("platform", platform.id());
    metadata.put("title", seo.title());
    metadata.put("description", description);
    ArrayNode tags = metadata.putArray("tags");
    seo.tags().forEach(tags::add);
    metadata.put("category", seo.category());
    metadata.put("language", script.language());
    // What its engagement teaches is put down to these: who spoke may be another than was drawn,
    // and
    // what somebody wrote is none of the styles.
    metadata.put("voice", voice);
    if (script.hookStyle() != null) {
      metadata.put("hook_style", edited ? "" : script.hookStyle().id());
    }
    if (script.titleStyle() != null) {
      metadata.put("title_style", edited ? "" : script.titleStyle().id());
    }
    ObjectNode publish = posting.of(platform, Instant.now());
    if (publish != null) {
      metadata.set("publish", publish);
    }
    metadata.put(
        "duration_ms",
        checked.assembled().video().totalFrames()
            * 1000L
            / checked.assembled().video().planned().variant().frameRate());
    metadata.put("frames", checked.assembled().video().totalFrames());
    metadata.put("width", preset.width());
    metadata.put("height", preset.height());
    metadata.put("file_size", mp4.sizeBytes());
    metadata.put("sha256", mp4.sha256());
    ObjectNode disclosure = metadata.putObject("disclosure");
    disclosure.put("synthetic_voice", true);
    disclosure.put("ai_generated_visuals", proof.generated());
    disclosure.put("paid_promotion", false);
    ArrayNode credits = metadata.putArray("credits");
    proof.credits().forEach(credits::add);
    ArrayNode notes = metadata.putArray("notes");
    checked.assembled().video().illustrated().notes().forEach(notes::add);
    if (mediaBaseUrl == null) {
      notes.add(
          "videoobject.jsonld is left out: nobody has said where the files will be on the web");
    }
    metadata.set("cost", RecordJson.toTree(costs));
    files.put(
        "metadata.json",
        store()
            .put(RecordJson.pretty(metadata).getBytes(StandardCharsets.UTF_8), "application/json"));
    if (mediaBaseUrl == null) {
      return;
    }
    String folder = content.key().recordId() + "/" + preset.id() + "/";
    ObjectNode videoObject =
        VideoObject.of(
            new VideoObject.Facts(
                seo.title(),
                seo.description(),
                List.of(folder + "thumbnail.jpg"),
                Instant.now(),
                metadata.path("duration_ms").asLong(),
                folder + "video.mp4",
                null,
                null,
                script.language(),
                content.keywords(),
                storyboard.clips()),
            mediaBaseUrl);
    files.put(
        "videoobject.jsonld",
        store()
            .put(
                RecordJson.pretty(videoObject)
                    .replace("<", "\\u003c")
                    .getBytes(StandardCharsets.UTF_8),
                "application/ld+json"));
  }
}
