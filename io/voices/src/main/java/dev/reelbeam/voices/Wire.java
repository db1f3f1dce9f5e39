package dev.reelbeam.voices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/** Requests and answers as JSON, one object per line, read and written without reflection. */
final class Wire {
  private static final JsonFactory JSON = new JsonFactory();

  private Wire() {}

  /**
   * One request; fields that an operation does not use are empty.
   *
   * @param id repeated in the answer
   */
  record Request(
      long id,
      String op,
      String engine,
      String voice,
      String language,
      String text,
      int speedPermille,
      String wav,
      String model,
      String config,
      int speaker) {}

  /**
   * Reads one line.
   *
   * @throws IOException if the line is not one flat JSON object
   */
  static Request parse(String line) throws IOException {
    long id = -1;
    int speedPermille = 1000;
    String op = "";
    String engine = "";
    String voice = "";
    String language = "";
    String text = "";
    String wav = "";
    String model = "";
    String config = "";
    int speaker = -1;
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a request is one JSON object per line");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.getCurrentName();
        if (!parser.nextToken().isScalarValue()) {
          throw new IOException("field " + field + " is not a plain value");
        }
        switch (field) {
          case "id":
            id = parser.getLongValue();
            break;
          case "op":
            op = parser.getText();
            break;
          case "engine":
            engine = parser.getText();
            break;
          case "voice":
            voice = parser.getText();
            break;
          case "language":
            language = parser.getText();
            break;
          case "text":
            text = parser.getText();
            break;
          case "speed_permille":
            speedPermille = parser.getIntValue();
            break;
          case "wav":
            wav = parser.getText();
            break;
          case "model":
            model = parser.getText();
            break;
          case "config":
            config = parser.getText();
            break;
          case "speaker":
            speaker = parser.getIntValue();
            break;
          default:
            // Unknown fields belong to a newer caller.
        }
      }
    }
    return new Request(
        id, op, engine, voice, language, text, speedPermille, wav, model, config, speaker);
  }

  static String voice(long id, int sampleRate) throws IOException {
    return answer(id, true, json -> json.writeNumberField("sample_rate", sampleRate));
  }

  static String listener(long id, boolean multilingual) throws IOException {
    return answer(id, true, json -> json.writeBooleanField("multilingual", multilingual));
  }

  static String heard(long id, List<WhisperEngine.Heard> words) throws IOException {
    return answer(
        id,
        true,
        json -> {
          json.writeArrayFieldStart("words");
          for (WhisperEngine.Heard word : words) {
            json.writeStartObject();
            json.writeStringField("text", word.text());
            json.writeNumberField("start_us", word.startUs());
            json.writeNumberField("end_us", word.endUs());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static String failure(long id, String code, String message) throws IOException {
    return answer(
        id,
        false,
        json -> {
          json.writeStringField("code", code);
          json.writeStringField("message", message);
        });
  }

  static String voices(long id, List<VoiceInfo> voices) throws IOException {
    return answer(
        id,
        true,
        json -> {
          json.writeArrayFieldStart("voices");
          for (VoiceInfo voice : voices) {
            json.writeStartObject();
            json.writeStringField("engine", voice.engine());
            json.writeStringField("voice", voice.voice());
            json.writeStringField("name", voice.name());
            json.writeStringField("language", voice.language());
            json.writeStringField("licence", voice.licence());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static String spoken(long id, Utterance utterance) throws IOException {
    return answer(
        id,
        true,
        json -> {
          json.writeNumberField("sample_rate", utterance.sampleRate());
          json.writeNumberField("samples", utterance.sampleCount());
          json.writeArrayFieldStart("words");
          for (TimedWord word : utterance.words()) {
            json.writeStartObject();
            json.writeStringField("text", word.text());
            json.writeNumberField("char_start", word.charStart());
            json.writeNumberField("char_end", word.charEnd());
            json.writeNumberField("start_us", word.startUs());
            json.writeNumberField("end_us", word.endUs());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static String answer(long id, boolean ok, Fields fields) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("id", id);
      json.writeBooleanField("ok", ok);
      fields.write(json);
      json.writeEndObject();
    }
    return line.toString();
  }
}
