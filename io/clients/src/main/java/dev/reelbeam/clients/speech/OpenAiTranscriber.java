package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.speech.HeardWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;

/**
 * Word times by {@code POST /audio/transcriptions} with {@code verbose_json}: OpenAI's {@code
 * whisper-1}, and servers that speak like it.
 *
 * <p>whisper.cpp nests its words in segments and means tokens by them: those that do not begin with
 * a space belong to the word before.
 */
final class OpenAiTranscriber implements Transcriber {
  /** What Whisper hears at. Some builds of whisper.cpp take no other, and the bytes are fewer. */
  private static final int SAMPLE_RATE = 16_000;

  private static final MediaType WAV = MediaType.get("audio/wav");

  private final String model;
  private final SpeechCalls calls;

  OpenAiTranscriber(String model, SpeechCalls calls) {
    this.model = model;
    this.calls = calls;
  }

  @Override
  public String identity() {
    return calls.name() + ":" + model;
  }

  @Override
  public List<HeardWord> hear(PcmAudio audio, String language) throws StageException {
    MultipartBody.Builder form =
        // Equal audio is an equal request.
        new MultipartBody.Builder("reelbeam-5b0f6f1c")
            .setType(MultipartBody.FORM)
            .addFormDataPart(
                "file", "speech.wav", RequestBody.create(audio.resampled(SAMPLE_RATE).toWav(), WAV))
            .addFormDataPart("model", model)
            .addFormDataPart("response_format", "verbose_json")
            .addFormDataPart("timestamp_granularities[]", "word");
    String primary = Locale.forLanguageTag(language).getLanguage();
    if (primary.length() == 2) {
      form.addFormDataPart("language", primary);
    }
    JsonNode json =
        calls.json(
            calls
                .http()
                .call(
                    calls.request("audio/transcriptions").post(form.build()).build(),
                    calls.work()));
    List<HeardWord> words = new ArrayList<>();
    if (json.path("words").isArray()) {
      json.path("words").forEach(word -> words.add(word(word)));
      return words;
    }
    for (JsonNode segment : json.path("segments")) {
      for (JsonNode token : segment.path("words")) {
        HeardWord heard = word(token);
        int last = words.size() - 1;
        if (last >= 0 && !heard.text().startsWith(" ")) {
          HeardWord before = words.get(last);
          words.set(
              last, new HeardWord(before.text() + heard.text(), before.startUs(), heard.endUs()));
        } else {
          words.add(heard);
        }
      }
    }
    return words;
  }

  private static HeardWord word(JsonNode word) {
    return new HeardWord(
        word.path("word").asText(), micros(word.path("start")), micros(word.path("end")));
  }

  private static long micros(JsonNode seconds) {
    return Math.round(seconds.asDouble() * 1_000_000);
  }
}
