package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;

/** Adds a voice to an account of ElevenLabs, after samples of a person who agreed to it. */
final class ElevenLabsClone {
  private static final int MOST_SAMPLES = 25;
  private static final long MAX_SAMPLE_BYTES = 11_000_000;
  private static final MediaType AUDIO = MediaType.get("application/octet-stream");

  private final SpeechCalls calls;

  ElevenLabsClone(SpeechCalls calls) {
    this.calls = calls;
  }

  /**
   * Adds it; a call whose answer was lost is not repeated, because each call adds a voice.
   *
   * @return the id of the voice, and whether the provider wants it verified first
   * @throws StageException {@code INPUT_UNREADABLE}, {@code PROVIDER_*}
   */
  SpeechSettings.Cloned add(String name, List<Path> samples) throws StageException {
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
    JsonNode reply =
        calls.json(
            calls
                .http()
                .call(
                    calls.request(calls.url("v1/voices/add").build()).post(form.build()).build(),
                    Repeatable.ONLY_AFTER_AN_ANSWER));
    String id = reply.path("voice_id").asText("");
    if (id.isEmpty()) {
      throw calls.invalid("it added a voice and does not tell its id");
    }
    return new SpeechSettings.Cloned(
        calls.name() + ":" + id, reply.path("requires_verification").asBoolean());
  }
}
