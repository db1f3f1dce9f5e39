package dev.reelbeam.pipelines;

import dev.reelbeam.media.footage.ClipIntake;
import dev.reelbeam.media.picture.PictureCap;
import dev.reelbeam.media.picture.PictureIntake;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.project.AssetSwap;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.OverlayChange;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ScriptEdit;
import dev.reelbeam.model.project.VoiceChange;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.deliver.ScriptDocument;
import dev.reelbeam.stages.visuals.Storyboard;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Edits of a project as a person puts them on the command line, checked against what there is to
 * edit before anybody hears of them.
 */
final class ReviewEdits {
  private static final long MAX_ASSET_BYTES = 250_000_000;
  private static final long MAX_SCRIPT_BYTES = 5_000_000;
  private static final int MOST_NAMED = 30;

  private final ReviewDesk desk;
  private final ProjectRow row;

  ReviewEdits(ReviewDesk desk, ProjectRow row) {
    this.desk = desk;
    this.row = row;
  }

  /** Variants that something is known of. */
  Set<String> variants() {
    Set<String> variants = new TreeSet<>(row.edits().scripts().keySet());
    desk.ledger().waiting(row.project()).forEach(waiting -> variants.add(waiting.variant()));
    for (DeliveryOutcome outcome : desk.ledger().outcomes(row.project())) {
      if (outcome.delivery() != null) {
        variants.add(outcome.delivery().variantId());
      }
    }
    return variants;
  }

  /**
   * A new script.
   *
   * @param variant null for the only one there is
   */
  ScriptEdit script(Path file, @Nullable String variant) throws StageException {
    Set<String> known = variants();
    String whose = variant;
    if (whose == null) {
      if (known.size() != 1) {
        throw invalid(
            "whose script is it? --variant "
                + (known.isEmpty() ? "ID" : "one of " + String.join(", ", known)));
      }
      whose = known.iterator().next();
    } else if (!known.isEmpty() && !known.contains(whose)) {
      throw invalid("no variant '" + whose + "'; there are " + String.join(", ", known));
    }
    String json = text(file);
    MediaRef stored = ScriptDocument.storedAs(json).orElse(null);
    MediaRef standing = row.edits().scripts().get(whose);
    if (stored != null && standing != null && !standing.equals(stored)) {
      throw invalid("it is of an older version than the one that stands; begin with the newest");
    }
    Script base =
        stored != null && desk.store().holds(stored)
            ? RecordJson.read(desk.store().read(stored), Script.class)
            : null;
    Script script = ScriptDocument.read(json, base);
    if (script.equals(base)) {
      throw invalid("nothing in it differs from the script that stands");
    }
    OptionalInt pace = pace(whose);
    ScriptEdit edit =
        new ScriptEdit(whose, pace.isPresent() ? script.withPace(pace.getAsInt()) : script);
    String fault = edit.fault();
    if (fault != null) {
      throw invalid(fault);
    }
    return edit;
  }

  /** The speed at which a variant is spoken so far. */
  private OptionalInt pace(String variant) {
    List<MediaRef> narrations = new ArrayList<>();
    for (WaitingArtifact waiting : desk.ledger().waiting(row.project())) {
      if (waiting.variant().equals(variant)) {
        Optional.ofNullable(waiting.refs().get("words.json")).ifPresent(narrations::add);
      }
    }
    for (DeliveryOutcome outcome : desk.ledger().outcomes(row.project())) {
      if (outcome.delivery() != null && outcome.delivery().variantId().equals(variant)) {
        Optional.ofNullable(outcome.delivery().files().get("words.json"))
            .ifPresent(narrations::add);
      }
    }
    return narrations.stream()
        .filter(desk.store()::holds)
        .mapToInt(ref -> RecordJson.read(desk.store().read(ref), Narration.class).speedPermille())
        .findFirst();
  }

  /** Another voice, another speed, or both. */
  static VoiceChange voice(@Nullable String voice, @Nullable BigDecimal speed)
      throws StageException {
    if (speed != null && !VideoSettings.isSpeed(speed.movePointRight(3).intValue())) {
      throw invalid("--speed " + speed + " is not between 0.5 and 2");
    }
    return new VoiceChange(voice, speed == null ? 0 : speed.movePointRight(3).intValue());
  }

  /**
   * Another picture or clip in the place of one.
   *
   * @param replacement {@code NAME=FILE}; the name is that of the record, or of the storyboard
   */
  AssetSwap asset(String replacement) throws StageException {
    Set<String> known = pictures();
    // Both sides may hold the sign, as a picture's address does: the longest known name is meant.
    int split =
        known.stream()
            .filter(name -> replacement.startsWith(name + "="))
            .mapToInt(String::length)
            .max()
            .orElse(replacement.indexOf('='));
    if (split <= 0 || split == replacement.length() - 1) {
      throw invalid("--swap is NAME=FILE");
    }
    String name = replacement.substring(0, split);
    Path file = Path.of(replacement.substring(split + 1));
    if (!known.contains(name)) {
      throw invalid(
          "nothing is called '"
              + name
              + "'; there are "
              + String.join(", ", known.stream().limit(MOST_NAMED).toList()));
    }
    byte[] bytes = bytes(file, MAX_ASSET_BYTES);
    boolean clip = ClipIntake.isClip(bytes);
    if (!clip) {
      // Looked at here, so that what is no picture is told before anybody hears of it.
      var unused = PictureIntake.normalize(bytes, file.toString(), PictureCap.DEFAULT);
    }
    return new AssetSwap(
        name, desk.store().put(bytes, clip ? "video/mp4" : "application/octet-stream"));
  }

  /** Everything that is seen and can be swapped, by its name. */
  private Set<String> pictures() {
    ObjectStore store = desk.store();
    Set<String> names = new TreeSet<>(row.edits().assets().keySet());
    MediaRef content = row.entry().content();
    if (store.holds(content)) {
      RecordJson.read(store.read(content), ContentRecord.class).images().stream()
          .map(ContentImage::url)
          .forEach(names::add);
    }
    for (MediaRef ref : storyboards()) {
      if (store.holds(ref)) {
        RecordJson.read(store.read(ref), Storyboard.class).shots().stream()
            .flatMap(shot -> Stream.of(shot.picture(), shot.inset()))
            .filter(Objects::nonNull)
            .map(Storyboard.Picture::url)
            .forEach(names::add);
      }
    }
    return names;
  }

  private List<MediaRef> storyboards() {
    List<MediaRef> refs = new ArrayList<>();
    for (WaitingArtifact waiting : desk.ledger().waiting(row.project())) {
      Optional.ofNullable(waiting.refs().get("storyboard.json")).ifPresent(refs::add);
    }
    for (DeliveryOutcome outcome : desk.ledger().outcomes(row.project())) {
      if (outcome.delivery() != null) {
        Optional.ofNullable(outcome.delivery().files().get("storyboard.json")).ifPresent(refs::add);
      }
    }
    return refs;
  }

  /**
   * Texts over the picture.
   *
   * @param changes {@code AT,SECONDS,TEXT}: takes the place of the text at that time, if there is
   *     one; without a text it takes that one away
   * @param none whether all that stand are taken away before
   */
  OverlayChange overlays(List<String> changes, boolean none) throws StageException {
    List<TextOverlay> texts = new ArrayList<>(none ? List.<TextOverlay>of() : standing());
    for (String change : changes) {
      String[] parts = change.split(",", 3);
      int startMs = milliseconds(parts[0], "AT");
      int lengthMs =
          parts.length < 2 || parts[1].isBlank()
              ? TextOverlay.USUAL_MS
              : milliseconds(parts[1], "SECONDS");
      String text = parts.length < 3 ? "" : parts[2].strip();
      boolean gone = texts.removeIf(each -> each.startMs() == startMs);
      if (!text.isEmpty()) {
        texts.add(new TextOverlay(startMs, startMs + lengthMs, text));
      } else if (!gone) {
        throw invalid("no text begins at " + parts[0] + " s" + there(texts));
      }
    }
    texts.sort(Comparator.comparingInt(TextOverlay::startMs));
    String fault = TextOverlay.fault(texts);
    if (fault != null) {
      throw invalid(fault);
    }
    return new OverlayChange(List.copyOf(texts));
  }

  /** The texts that are read now. */
  private List<TextOverlay> standing() {
    List<TextOverlay> edited = row.edits().overlays();
    return edited == null ? row.entry().request().texts() : edited;
  }

  private static String there(List<TextOverlay> texts) {
    return texts.isEmpty() ? "; there is none" : "; there is " + told(texts);
  }

  private static String told(List<TextOverlay> texts) {
    return String.join(
        ", ",
        texts.stream().map(each -> seconds(each.startMs()) + " s '" + each.text() + "'").toList());
  }

  private static String seconds(int ms) {
    return BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString();
  }

  private static int milliseconds(String seconds, String what) throws StageException {
    try {
      BigDecimal value = new BigDecimal(seconds.strip());
      if (value.signum() >= 0 && value.compareTo(BigDecimal.valueOf(1_000)) < 0) {
        return value.movePointRight(3).intValue();
      }
    } catch (NumberFormatException e) {
      throw invalid("--overlay: " + what + " '" + seconds + "' is not a number of seconds");
    }
    throw invalid("--overlay: " + what + " '" + seconds + "' is not from 0 to 1000 seconds");
  }

  /** The edits that stand, a line each. */
  List<String> told() {
    ProjectEdits edits = row.edits();
    List<String> lines = new ArrayList<>();
    edits.scripts().keySet().forEach(variant -> lines.add("script of " + variant));
    VoiceChange voice = edits.voice();
    if (voice != null) {
      lines.add(
          "voice"
              + (voice.voiceId() == null ? "" : " " + voice.voiceId())
              + (voice.speedPermille() == 0
                  ? ""
                  : " at " + seconds(voice.speedPermille()) + " times the pace"));
    }
    edits.assets().keySet().forEach(url -> lines.add("another picture for " + url));
    List<TextOverlay> overlays = edits.overlays();
    if (overlays != null) {
      lines.add(overlays.isEmpty() ? "no texts over the picture" : "texts: " + told(overlays));
    }
    return lines;
  }

  private static String text(Path file) throws StageException {
    return new String(bytes(file, MAX_SCRIPT_BYTES), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Path file, long most) throws StageException {
    try {
      if (Files.size(file) > most) {
        throw new StageException(
            FailureCode.INPUT_UNREADABLE, "'" + file + "' has more than " + most + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "'" + file + "' cannot be read: " + e.getMessage(), e);
    }
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.EVENT_INVALID, message);
  }
}
