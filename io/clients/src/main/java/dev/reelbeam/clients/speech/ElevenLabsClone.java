package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;

/**
 * Adds a voice to an account of ElevenLabs, after samples of a person who agreed to it.
 *
 * <p>Accounts have few places for voices, and each call takes one. So a voice of that name is
 * looked for before it is added, and again when nobody knows whether it was: nothing is sent twice.
 */
final class ElevenLabsClone {
  private static final int MOST_SAMPLES = 25;
  private static final long MAX_SAMPLE_BYTES = 11_000_000;
  private static final MediaType AUDIO = MediaType.get("application/octet-stream");

  /** A new voice may take a moment until it is listed. */
  private static final int LOOKS = 3;

  private final SpeechCalls calls;
  private final Duration pause;

  /**
   * Adds to the account of these calls.
   *
   * @param pause between two looks for a voice that may have been added
   */
  ElevenLabsClone(SpeechCalls calls, Duration pause) {
    this.calls = calls;
    this.pause = pause;
  }

  /**
   * Adds it, or finds it.
   *
   * @return the id of the voice, and whether the provider wants it verified first
   * @throws StageException {@code INPUT_UNREADABLE}, {@code PROVIDER_*}; {@code
   *     PROVIDER_OUTCOME_UNKNOWN} if it is not in the list and may come to be
   */
  SpeechSettings.Cloned add(String name, List<Path> samples) throws StageException {
    MultipartBody form = form(name, samples);
    Optional<SpeechSettings.Cloned> there = find(name);
    if (there.isPresent()) {
      return there.get();
    }
    JsonNode reply;
    try {
      reply =
          calls.json(
              calls
                  .http()
                  .call(
                      calls.request(calls.url("v1/voices/add").build()).post(form).build(),
                      Repeatable.ONLY_AFTER_AN_ANSWER));
      if (reply.path("voice_id").asText("").isEmpty()) {
        throw calls.invalid("it added a voice and does not tell its id");
      }
    } catch (StageException e) {
      if (e.code() != FailureCode.PROVIDER_OUTCOME_UNKNOWN
          && e.code() != FailureCode.PROVIDER_REPLY_INVALID) {
        throw e;
      }
      return look(name, e);
    }
    return new SpeechSettings.Cloned(
        calls.name() + ":" + reply.path("voice_id").asText(),
        reply.path("requires_verification").asBoolean(),
        /* found= */ false);
  }

  private static MultipartBody form(String name, List<Path> samples) throws StageException {
    if (name.isBlank()) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, "the voice needs a name");
    }
    if (samples.isEmpty() || samples.size() > MOST_SAMPLES) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE,
          "1 to " + MOST_SAMPLES + " samples of the voice are needed");
    }
    MultipartBody.Builder form =
        new MultipartBody.Builder().setType(MultipartBody.FORM).addFormDataPart("name", name);
    for (Path sample : samples) {
      try {
        if (Files.size(sample) > MAX_SAMPLE_BYTES) {
          throw new StageException(
              FailureCode.INPUT_UNREADABLE, "'" + sample + "' is larger than 11 MB");
        }
        form.addFormDataPart(
            "files",
            String.valueOf(sample.getFileName()),
            RequestBody.create(Files.readAllBytes(sample), AUDIO));
      } catch (IOException e) {
        throw new StageException(
            FailureCode.INPUT_UNREADABLE, "'" + sample + "' cannot be read: " + e.getMessage(), e);
      }
    }
    return form.build();
  }

  /** Looks for a voice that may have been added. */
  private SpeechSettings.Cloned look(String name, StageException lost) throws StageException {
    for (int look = 1; look <= LOOKS; look++) {
      try {
        Optional<SpeechSettings.Cloned> there = find(name);
        if (there.isPresent()) {
          return there.get();
        }
      } catch (StageException e) {
        lost.addSuppressed(e);
      }
      try {
        if (look < LOOKS) {
          Thread.sleep(pause.toMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("waiting for " + calls.name() + " was cancelled");
      }
    }
    throw new StageException(
        FailureCode.PROVIDER_OUTCOME_UNKNOWN,
        lost.getMessage()
            + "; no voice '"
            + name
            + "' is listed yet. The same command looks for it before it adds one",
        lost);
  }

  private Optional<SpeechSettings.Cloned> find(String name) throws StageException {
    return ElevenLabsVoice.list(calls, name).stream()
        .filter(
            voice ->
                voice.path("name").asText().equals(name)
                    && voice.path("category").asText().equals("cloned"))
        .findFirst()
        .map(
            voice ->
                new SpeechSettings.Cloned(
                    calls.name() + ":" + voice.path("voice_id").asText(),
                    voice.path("voice_verification").path("requires_verification").asBoolean(),
                    /* found= */ true));
  }
}
