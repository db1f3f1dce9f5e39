package dev.reelbeam.stages.render;

import dev.reelbeam.media.probe.GroupLook;
import dev.reelbeam.media.probe.HeardSound;
import dev.reelbeam.media.probe.Looks;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What decoding a segment showed, kept beside it: whoever checks a video decodes nothing that was
 * decoded before, in this video, before an edit, or in another one that shows the same.
 */
final class PictureLooks {
  private static final int VERSION = 1;

  private PictureLooks() {}

  /** As stored, for a segment. */
  private record SegmentLook(List<GroupLook> groups) implements Serializable {}

  /**
   * Decodes a segment that was just encoded.
   *
   * @throws StageException 3031 if it does not decode to what was asked for: the encoder, or the
   *     memory it ran in, did something wrong, and another attempt is worth it
   */
  static List<GroupLook> decode(Path file, int frames) throws StageException {
    Looks looks = new Looks();
    int decoded = MediaInspector.inspect(file, 1, looks).video().frames();
    int errors = looks.groups().stream().mapToInt(GroupLook::decodeErrors).sum();
    if (decoded != frames || errors > 0) {
      throw new StageException(
          FailureCode.SEGMENT_FAILED,
          "decoded again it gives " + decoded + " of " + frames + " frames, " + errors + " errors");
    }
    return List.copyOf(looks.groups());
  }

  /** Keeps what a stored segment showed. */
  static void keep(ObjectStore store, MediaRef segment, List<GroupLook> groups) {
    store.putIfAbsent(
        pictures(segment),
        store.put(RecordJson.canonicalBytes(new SegmentLook(groups)), "application/json"));
  }

  /** Everything that is known of the parts of a video. */
  static Looks recall(ObjectStore store, List<MediaRef> segments, MediaRef... sounds) {
    Looks looks = new Looks();
    for (MediaRef segment : segments) {
      Optional<MediaRef> there = store.find(pictures(segment));
      if (there.isPresent()) {
        RecordJson.read(store.read(there.get()), SegmentLook.class).groups().forEach(looks::add);
      }
    }
    for (MediaRef sound : sounds) {
      Optional<MediaRef> there = store.find(sound(sound));
      if (there.isPresent()) {
        looks.add(RecordJson.read(store.read(there.get()), HeardSound.class));
      }
    }
    return looks;
  }

  /** Keeps how a stored sound sounded. */
  static void keep(ObjectStore store, MediaRef sound, HeardSound heard) {
    store.putIfAbsent(
        sound(sound), store.put(RecordJson.canonicalBytes(heard), "application/json"));
  }

  private static StepKey pictures(MediaRef segment) {
    return StepKey.of("look", VERSION, segment);
  }

  private static StepKey sound(MediaRef sound) {
    return StepKey.of("listen", VERSION, sound);
  }
}
