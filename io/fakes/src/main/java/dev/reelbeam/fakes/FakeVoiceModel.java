package dev.reelbeam.fakes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A voice model of Piper that hums: a valid network of 14 operators with the inputs and outputs of
 * a trained one, 2 kB instead of 60 MB, so that the real native path can be walked in a test. Each
 * phoneme is a tone of its own height, 60 ms long at the usual speed; pads and spaces are silent.
 */
public final class FakeVoiceModel {
  /** Of what it hums, in Hz. */
  public static final int SAMPLE_RATE = 22_050;

  /** Samples of a phoneme at the usual speed; Piper puts a pad behind each. */
  private static final int SAMPLES = 660;

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  /** Piper's own ids of what is not spoken: pad, beginning, end, space. */
  private static final String SILENT = "_^$ ";

  /** espeak's phonemes of the Latin languages, one id each; Piper leaves out what is not listed. */
  private static final String PHONEMES =
      "abcdefhijklmnopqrstuvwxyzæçðøħŋœǀɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʈʉʊʋʌʍʎʏʐʑ"
          + "ʒʔʕʘʙʛʜʝʟʡʢʲˈˌːˑ˞βθχᵻⱱ";

  private FakeVoiceModel() {}

  /**
   * Writes {@code name.onnx} and {@code name.onnx.json}, as Piper's own voices are named.
   *
   * @param speakers how many persons the model claims to hold; each hums a little higher
   * @return the network
   */
  public static Path write(Path folder, String name, int speakers) throws IOException {
    Path model = folder.resolve(name + ".onnx");
    Files.write(model, network(speakers));
    Files.writeString(folder.resolve(name + ".onnx.json"), config(speakers));
    return model;
  }

  private static String config(int speakers) {
    StringBuilder ids = new StringBuilder();
    String all = SILENT + PHONEMES;
    for (int i = 0; i < all.length(); i++) {
      ids.append(i == 0 ? "" : ", ").append('"').append(all.charAt(i)).append("\": [").append(i);
      ids.append(']');
    }
    StringBuilder names = new StringBuilder();
    for (int i = 0; speakers > 1 && i < speakers; i++) {
      names.append(i == 0 ? "" : ", ").append("\"p").append(i).append("\": ").append(i);
    }
    return """
        {"audio": {"sample_rate": %d, "quality": "low"},
         "espeak": {"voice": "en-us"}, "language": {"code": "en_US"},
         "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
         "phoneme_type": "espeak", "phoneme_map": {}, "phoneme_id_map": {%s},
         "num_symbols": 256, "num_speakers": %d, "speaker_id_map": {%s}}
        """
        .formatted(SAMPLE_RATE, ids, speakers, names);
  }

  /** sin(height · t) · sin(π · t / length) for each phoneme, one behind the other. */
  private static byte[] network(int speakers) {
    Message graph = new Message();
    node(graph, "Cast", List.of("input"), "ids", attribute("to", FLOAT));
    node(graph, "Unsqueeze", List.of("ids", "axis"), "columns");
    node(graph, "Gather", List.of("scales", "one"), "pace");
    node(graph, "Mul", List.of("pace", "samples"), "length");
    node(graph, "Cast", List.of("length"), "count", attribute("to", INT64));
    node(graph, "Range", List.of("zero", "count", "one"), "steps");
    node(graph, "Cast", List.of("steps"), "time", attribute("to", FLOAT));
    String height = "columns";
    if (speakers > 1) {
      node(graph, "Cast", List.of("sid"), "speaker", attribute("to", FLOAT));
      node(graph, "Add", List.of("columns", "speaker"), "height");
      height = "height";
    }
    node(graph, "Mul", List.of(height, "radians"), "pitch");
    node(graph, "Mul", List.of("pitch", "time"), "phase");
    node(graph, "Sin", List.of("phase"), "tone");
    node(graph, "Greater", List.of("columns", "silent"), "spoken");
    node(graph, "Cast", List.of("spoken"), "loud", attribute("to", FLOAT));
    node(graph, "Mul", List.of("tone", "loud"), "tones");
    node(graph, "Mul", List.of("time", "half"), "turned");
    node(graph, "Div", List.of("turned", "length"), "swell");
    node(graph, "Sin", List.of("swell"), "envelope");
    node(graph, "Mul", List.of("tones", "envelope"), "rows");
    node(graph, "Reshape", List.of("rows", "flat"), "output");
    graph.text(2, "humming");
    integers(graph, "axis", List.of(1), 2);
    integers(graph, "zero", List.of(), 0);
    integers(graph, "one", List.of(), 1);
    integers(graph, "flat", List.of(3), 1, 1, -1);
    number(graph, "samples", SAMPLES);
    // From 120 Hz on, 8 Hz a phoneme.
    number(graph, "radians", (float) (2 * Math.PI * 8 / SAMPLE_RATE));
    number(graph, "silent", SILENT.length() - 0.5f);
    number(graph, "half", (float) Math.PI);
    graph.message(11, input("input", INT64, 2));
    graph.message(11, input("input_lengths", INT64, 1));
    graph.message(11, input("scales", FLOAT, 1));
    if (speakers > 1) {
      graph.message(11, input("sid", INT64, 1));
    }
    graph.message(12, input("output", FLOAT, 3));
    return new Message()
        .number(1, 7)
        .text(2, "reelbeam")
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, 13))
        .bytes();
  }

  private static void node(
      Message graph, String operator, List<String> inputs, String output, Message... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, output).text(4, operator);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
  }

  private static Message attribute(String name, long value) {
    return new Message().text(1, name).number(3, value).number(20, /* an integer */ 2);
  }

  private static void integers(Message graph, String name, List<Integer> shape, long... values) {
    ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      raw.putLong(value);
    }
    constant(graph, name, shape, INT64, raw.array());
  }

  private static void number(Message graph, String name, float value) {
    byte[] raw = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    constant(graph, name, List.of(), FLOAT, raw);
  }

  private static void constant(
      Message graph, String name, List<Integer> shape, int type, byte[] raw) {
    Message tensor = new Message();
    shape.forEach(size -> tensor.number(1, size));
    graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw));
  }

  private static Message input(String name, int type, int dimensions) {
    Message shape = new Message();
    for (int i = 0; i < dimensions; i++) {
      shape.message(1, new Message().text(2, name + i));
    }
    Message tensor = new Message().number(1, type).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A message of protocol buffers, which is what an ONNX file is. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3 | VARINT);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes());
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | BYTES);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
