package dev.reelbeam.fakes;

import dev.reelbeam.model.speech.HeardWord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model of Whisper in ggml's format that always hears the same words: complete, with one layer of
 * zeros on each side, so that the real native path can be walked in a test. What the decoder says
 * is written into its embeddings: each position points at the token that comes next.
 */
public final class FakeWhisperModel {
  /** Up to so many words: each takes two directions of the decoder's space. */
  public static final int MOST_WORDS = 24;

  private static final int MAGIC = 0x67676d6c;
  private static final int VOCABULARY = 51_864;
  private static final int END = 50_256;
  private static final int FIRST_TIME = 50_363;
  private static final int US_PER_TIME = 20_000;

  private static final int STATE = 64;
  private static final int AUDIO_CONTEXT = 1_500;
  private static final int TEXT_CONTEXT = 448;
  private static final int MELS = 80;
  private static final int FOURIER = 201;
  private static final int F32 = 0;
  private static final int F16 = 1;
  private static final short HALF_ONE = 0x3C00;

  /** How sure it is of a word, and of the time at which it begins: a quarter. */
  private static final float WORD = 20;

  private static final float TIME = 19;
  private static final float SHARPNESS = 4;

  private FakeWhisperModel() {}

  /**
   * Writes a model for English.
   *
   * @param words what it hears, in less than 30 s; times are rounded to 20 ms
   */
  public static Path write(Path file, List<HeardWord> words) throws IOException {
    if (words.isEmpty() || words.size() > MOST_WORDS) {
      throw new IllegalArgumentException("1 to " + MOST_WORDS + " words");
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(
          integers(
              MAGIC, VOCABULARY, AUDIO_CONTEXT, STATE, 1, 1, TEXT_CONTEXT, STATE, 1, 1, MELS, F16));
      out.write(integers(MELS, FOURIER));
      out.write(new byte[MELS * FOURIER * Float.BYTES]);
      vocabulary(out, words);
      encoder(out);
      decoder(out, words);
    }
    return file;
  }

  /** A blank and the words; what is behind them has names of its own. */
  private static void vocabulary(OutputStream out, List<HeardWord> words) throws IOException {
    out.write(integers(words.size() + 1));
    List<String> tokens = new ArrayList<>(List.of(" "));
    words.forEach(word -> tokens.add(" " + word.text()));
    for (String token : tokens) {
      byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
      out.write(integers(utf8.length));
      out.write(utf8);
    }
  }

  private static void encoder(OutputStream out) throws IOException {
    zeros(out, "encoder.positional_embedding", F32, STATE, AUDIO_CONTEXT);
    zeros(out, "encoder.conv1.weight", F16, 3, MELS, STATE);
    zeros(out, "encoder.conv1.bias", F32, 1, STATE);
    zeros(out, "encoder.conv2.weight", F16, 3, STATE, STATE);
    zeros(out, "encoder.conv2.bias", F32, 1, STATE);
    zeros(out, "encoder.ln_post.weight", F32, STATE);
    zeros(out, "encoder.ln_post.bias", F32, STATE);
    layer(out, "encoder.blocks.0.", List.of("attn"));
  }

  private static void decoder(OutputStream out, List<HeardWord> words) throws IOException {
    ByteBuffer tokens = buffer(VOCABULARY * STATE * Short.BYTES);
    ByteBuffer positions = buffer(TEXT_CONTEXT * STATE * Float.BYTES);
    int direction = 0;
    int position = 0;
    direction(tokens, FIRST_TIME, direction);
    point(positions, position++, direction++, WORD);
    long lastTime = FIRST_TIME;
    for (int i = 0; i < words.size(); i++) {
      direction(tokens, i + 1, direction);
      point(positions, position, direction++, WORD);
      long time = FIRST_TIME + Math.round((double) words.get(i).startUs() / US_PER_TIME);
      if (time > lastTime) {
        direction(tokens, (int) time, direction);
        point(positions, position, direction++, TIME);
        lastTime = time;
      }
      position++;
    }
    long endUs = words.get(words.size() - 1).endUs();
    direction(tokens, (int) (FIRST_TIME + Math.round((double) endUs / US_PER_TIME)), direction);
    point(positions, position++, direction++, WORD);
    direction(tokens, END, direction);
    while (position < TEXT_CONTEXT) {
      point(positions, position++, direction, WORD);
    }
    tensor(out, "decoder.positional_embedding", F32, positions.array(), STATE, TEXT_CONTEXT);
    tensor(out, "decoder.token_embedding.weight", F16, tokens.array(), STATE, VOCABULARY);
    ByteBuffer sharp = buffer(STATE * Float.BYTES);
    for (int i = 0; i < STATE; i++) {
      sharp.putFloat(SHARPNESS);
    }
    tensor(out, "decoder.ln.weight", F32, sharp.array(), STATE);
    zeros(out, "decoder.ln.bias", F32, STATE);
    layer(out, "decoder.blocks.0.", List.of("attn", "cross_attn"));
  }

  private static void layer(OutputStream out, String name, List<String> attentions)
      throws IOException {
    for (String part : attentions) {
      String attention = name + part;
      zeros(out, attention + "_ln.weight", F32, STATE);
      zeros(out, attention + "_ln.bias", F32, STATE);
      for (String matrix : List.of("query", "key", "value", "out")) {
        zeros(out, attention + "." + matrix + ".weight", F16, STATE, STATE);
        if (!matrix.equals("key")) {
          zeros(out, attention + "." + matrix + ".bias", F32, STATE);
        }
      }
    }
    zeros(out, name + "mlp_ln.weight", F32, STATE);
    zeros(out, name + "mlp_ln.bias", F32, STATE);
    zeros(out, name + "mlp.0.weight", F16, STATE, 4 * STATE);
    zeros(out, name + "mlp.0.bias", F32, 4 * STATE);
    zeros(out, name + "mlp.2.weight", F16, 4 * STATE, STATE);
    zeros(out, name + "mlp.2.bias", F32, STATE);
  }

  private static void direction(ByteBuffer tokens, int token, int direction) {
    tokens.putShort((token * STATE + direction) * Short.BYTES, HALF_ONE);
  }

  private static void point(ByteBuffer positions, int position, int direction, float length) {
    positions.putFloat((position * STATE + direction) * Float.BYTES, length);
  }

  private static void zeros(OutputStream out, String name, int type, int... shape)
      throws IOException {
    int bytes = type == F16 ? Short.BYTES : Float.BYTES;
    for (int size : shape) {
      bytes *= size;
    }
    tensor(out, name, type, new byte[bytes], shape);
  }

  private static void tensor(OutputStream out, String name, int type, byte[] data, int... shape)
      throws IOException {
    out.write(integers(shape.length, name.length(), type));
    out.write(integers(shape));
    out.write(name.getBytes(StandardCharsets.US_ASCII));
    out.write(data);
  }

  private static byte[] integers(int... values) {
    ByteBuffer bytes = buffer(values.length * Integer.BYTES);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
