package dev.reelbeam.stages.render;

import dev.reelbeam.media.audio.ClipSound;
import dev.reelbeam.media.audio.MixSettings;
import dev.reelbeam.media.audio.Mixer;
import dev.reelbeam.media.audio.MusicMode;
import dev.reelbeam.media.audio.MusicTrack;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.render.Assembler;
import dev.reelbeam.media.render.NativeWatch;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.AssembledVideo;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.narration.VoiceTrack;
import dev.reelbeam.stages.step.ProvidedStep;
import dev.reelbeam.stages.visuals.Storyboard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Mixes the sound in one piece and copies the segments' streams into one MP4. */
public final class AssembleVideo extends ProvidedStep<JoinedRender, AssembledVideo> {
  private static final long serialVersionUID = 1L;

  private static final int SOUND_VERSION = 3;
  private static final int ASSEMBLE_VERSION = 1;
  private static final long MAX_MUSIC_BYTES = 100_000_000;

  /** Until sound that is still being decoded or mixed is given up: 40 times the usual, or more. */
  private static final long BASE_DEADLINE_MS = 60_000;

  private static final long DEADLINE_MS_PER_SECOND = 4_000;
  private static final long BYTES_PER_DEADLINE_MS = 1_000;

  private transient @Nullable AssetReader assets;
  private transient @Nullable NativeWatch watch;

  public AssembleVideo(Providers providers) {
    super(providers);
  }

  @Override
  public void open() {
    super.open();
    assets = providers().assets().open();
    watch = new NativeWatch();
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    super.close();
  }

  @Override
  public AssembledVideo apply(JoinedRender joined) throws StageException {
    List<MediaRef> segments = new ArrayList<>();
    int found = 0;
    for (SegmentResult result : joined.results()) {
      MediaRef bytes = result.bytes();
      if (bytes == null) {
        FailureCode code =
            result.failureCode() == null
                ? FailureCode.SEGMENT_FAILED
                : FailureCode.valueOf(result.failureCode());
        String told =
            "segment "
                + (result.index() + 1)
                + " of "
                + joined.results().size()
                + ": "
                + inWordsOfTheRecord(
                    String.valueOf(result.failureMessage()), joined.plan().video());
        // Its renderer has tried again: here the same result would be looked at again.
        throw new StageException(code, told).afterAllTries();
      }
      segments.add(bytes);
      found += result.found() ? 1 : 0;
    }
    LaidOutVideo video = joined.plan().video();
    MediaRef sound = sound(joined);
    Variant variant = video.planned().variant();
    Canvas canvas = new Canvas(variant.width(), variant.height(), variant.frameRate());
    StepKey key = StepKey.of("assemble", ASSEMBLE_VERSION, segments, sound, canvas);
    MediaRef mp4 =
        artifacts()
            .bytes(
                Stage.ASSEMBLE,
                "video",
                key,
                () -> {
                  List<Path> files = segments.stream().map(store()::localFile).toList();
                  Path draft = temporary(".mp4");
                  try {
                    Assembler.assemble(files, store().localFile(sound), canvas, draft);
                    return store().put(draft, "video/mp4");
                  } finally {
                    delete(draft);
                  }
                })
            .value();
    return new AssembledVideo(video, mp4, segments, sound, found, segments.size() - found);
  }

  /** Stored pictures are named by their hash; the user knows them by their address. */
  private String inWordsOfTheRecord(String message, LaidOutVideo video) {
    Storyboard storyboard = artifacts().read(video.illustrated().storyboard(), Storyboard.class);
    String result = message;
    for (Storyboard.Shot shot : storyboard.shots()) {
      result = named(shot.inset(), named(shot.picture(), result));
    }
    return result;
  }

  private static String named(Storyboard.@Nullable Picture picture, String message) {
    if (picture == null) {
      return message;
    }
    String name = "'" + picture.url() + "'";
    String result = message.replace(picture.bytes().sha256(), name);
    Storyboard.Clip clip = picture.clip();
    return clip == null ? result : result.replace(clip.bytes().sha256(), name);
  }

  private MediaRef sound(JoinedRender joined) throws StageException {
    LaidOutVideo video = joined.plan().video();
    PlannedVideo planned = video.planned();
    VideoSettings settings = planned.settings();
    String music = settings.musicTrack() != null ? settings.musicTrack() : planned.brand().music();
    MusicMode mode = "ducked".equals(settings.musicMix()) ? MusicMode.DUCKED : MusicMode.FLAT;
    String musicKey = music;
    byte[] ownMusic = null;
    if (!music.equals("none") && !MusicTrack.builtInNames().contains(music)) {
      ownMusic = musicFile(planned, music);
      musicKey = RecordJson.sha256(ownMusic);
    }
    byte[] musicBytes = ownMusic;
    MediaRef narration = video.illustrated().narrated().narration();
    List<SoundingClip> clips = SoundingClip.of(artifacts().read(video.timeline(), Timeline.class));
    StepKey key =
        StepKey.of(
            "mix-sound",
            SOUND_VERSION,
            narration,
            musicKey,
            mode.name(),
            video.totalFrames(),
            planned.variant().frameRate(),
            clips);
    return artifacts()
        .bytes(
            Stage.ASSEMBLE,
            "sound",
            key,
            () -> {
              Path draft = temporary(".m4a");
              try {
                AudioPcm voice =
                    VoiceTrack.pcm(artifacts().read(narration, Narration.class), store());
                List<ClipSound> sounds = sounds(joined, clips);
                int frameRate = planned.variant().frameRate();
                long seconds = video.totalFrames() / frameRate;
                Path made =
                    watch()
                        .run(
                            "mixing the sound",
                            BASE_DEADLINE_MS + seconds * DEADLINE_MS_PER_SECOND,
                            () -> {
                              Mixer.render(
                                  voice,
                                  track(music, musicBytes),
                                  sounds,
                                  MixSettings.DEFAULT.withMusicMode(mode),
                                  video.totalFrames(),
                                  frameRate,
                                  1,
                                  draft);
                              return draft;
                            });
                return store().put(made, "audio/mp4");
              } finally {
                delete(draft);
              }
            })
        .value();
  }

  private NativeWatch watch() {
    return Objects.requireNonNull(watch, "open() first");
  }

  private List<ClipSound> sounds(JoinedRender joined, List<SoundingClip> clips)
      throws StageException {
    List<ClipSound> sounds = new ArrayList<>();
    for (SoundingClip clip : clips) {
      LaidOutVideo video = joined.plan().video();
      String named = inWordsOfTheRecord("clip " + clip.clip().sha256(), video);
      Path file = store().localFile(clip.clip());
      long deadlineMs = BASE_DEADLINE_MS + clip.clip().sizeBytes() / BYTES_PER_DEADLINE_MS;
      try {
        sounds.add(
            watch().run("decoding the sound of " + named, deadlineMs, () -> clip.decode(file)));
      } catch (StageException e) {
        if (e.code() != FailureCode.AUDIO_UNDECODABLE) {
          throw e;
        }
        // Worth having all the same; where nothing can be read, nothing can be promised.
        progress()
            .note(
                joined,
                named + " is seen and not heard: " + inWordsOfTheRecord(e.describe(), video));
      }
    }
    return sounds;
  }

  private byte[] musicFile(PlannedVideo planned, String music) throws StageException {
    // A track of the user's is stored when the run starts; what is read here is the record's own.
    if (music.startsWith("store:")) {
      return store().read(RecordJson.read(music.substring("store:".length()), MediaRef.class));
    }
    String base =
        artifacts()
            .read(planned.content(), dev.reelbeam.model.content.ContentRecord.class)
            .baseUri();
    if (!music.contains(".")) {
      throw new StageException(
          FailureCode.MUSIC_UNKNOWN,
          "no track '" + music + "'; there are " + MusicTrack.builtInNames() + " and none");
    }
    return Objects.requireNonNull(assets).read(base, music, MAX_MUSIC_BYTES);
  }

  private static @Nullable MusicTrack track(String music, byte @Nullable [] bytes)
      throws StageException {
    if (music.equals("none")) {
      return null;
    }
    if (bytes == null) {
      return MusicTrack.builtIn(music);
    }
    Path file = temporary(".music");
    try {
      Files.write(file, bytes);
      return MusicTrack.fromFile(file);
    } catch (IOException e) {
      throw new StageException(FailureCode.STORAGE_UNAVAILABLE, "cannot write a temporary file", e);
    } finally {
      delete(file);
    }
  }

  private static Path temporary(String suffix) throws StageException {
    try {
      return Files.createTempFile("reelbeam-", suffix);
    } catch (IOException e) {
      throw new StageException(FailureCode.STORAGE_UNAVAILABLE, "cannot make a temporary file", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
