package dev.reelbeam.media.codec;

import static dev.reelbeam.media.codec.AudioNative.check;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_profile_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_BITRATE;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHANNEL_ORDER_UNSPEC;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_copy;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_uninit;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set_double;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set_int;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;

import dev.reelbeam.media.codec.AudioNative.NativeFailure;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Reads an audio file of any usual kind into 48 kHz float samples.
 *
 * <p>Guarantees: sample 0 of the result is sample 0 of the file (encoder delay named by the file is
 * cut off, resampling adds none); the same file gives the same samples on every x86-64 machine; no
 * other file and no network address is opened, whatever the file says; size and length are bounded.
 */
public final class AudioDecoder {
  static {
    Av.load();
  }

  /** Plain containers only, as of clips, whose sound is read here as well. */
  private static final String FORMATS =
      "wav,w64,flac,mp3,aac,ogg,aiff,caf,au,ac3,eac3," + ClipReader.FORMATS;

  /** A declared length may be missed by this much before the file counts as truncated. */
  private static final long TRUNCATION_SLACK_US = 100_000;

  private AudioDecoder() {}

  /** Decodes to one channel; of two, the mean. */
  public static AudioPcm decodeMono(Path file, AudioLimits limits) throws StageException {
    AudioPcm pcm = decode(file, limits);
    if (pcm.channels() == 1) {
      return pcm;
    }
    float[] left = pcm.plane(0);
    float[] right = pcm.plane(1);
    float[] mono = new float[left.length];
    for (int i = 0; i < mono.length; i++) {
      mono[i] = 0.5f * (left[i] + right[i]);
    }
    return AudioPcm.mono(mono);
  }

  /** Decodes to two channels; a single one sounds on both sides at its own level. */
  public static AudioPcm decodeStereo(Path file, AudioLimits limits) throws StageException {
    AudioPcm pcm = decode(file, limits);
    return pcm.channels() == 2 ? pcm : AudioPcm.stereo(pcm.left(), pcm.left().clone());
  }

  /**
   * Decodes to one channel if the file has one, else to two.
   *
   * @throws StageException {@link FailureCode#AUDIO_UNDECODABLE} naming the file when it is empty,
   *     not audio, truncated, damaged or over the limits
   */
  public static AudioPcm decode(Path file, AudioLimits limits) throws StageException {
    Collector collector = new Collector();
    stream(file, limits, collector);
    return collector.pcm();
  }

  /**
   * Decodes block by block, for sounds that need not be held in memory.
   *
   * @throws StageException as {@link #decode}, perhaps after some blocks were delivered
   */
  public static Summary stream(Path file, AudioLimits limits, BlockSink sink)
      throws StageException {
    checkSize(file, limits);
    try (Decoding decoding = new Decoding(file, limits, sink)) {
      return decoding.run();
    } catch (NativeFailure failure) {
      throw undecodable(file, failure.getMessage());
    }
  }

  /** Takes decoded sound. */
  public interface BlockSink {
    /** Takes the first {@code count} samples of one or two planes; they are reused afterwards. */
    void accept(float[][] planes, int count);
  }

  /**
   * What was decoded, in the file's own terms.
   *
   * @param codec short name, for example aac
   * @param profile of the codec, for example LC; unknown when it has none
   * @param sampleRate samples per second in the file
   * @param channels channels in the file
   * @param samples samples per channel, before resampling
   * @param packets packets read
   * @param damagedPackets packets that could not be decoded
   */
  public record Summary(
      String codec,
      String profile,
      int sampleRate,
      int channels,
      long samples,
      int packets,
      int damagedPackets) {}

  private static final class Collector implements BlockSink {
    private float[][] samples = new float[0][];
    private int count;

    @Override
    public void accept(float[][] planes, int added) {
      if (samples.length == 0) {
        samples = new float[planes.length][AudioPcm.SAMPLE_RATE * 4];
      }
      for (int channel = 0; channel < samples.length; channel++) {
        if (samples[channel].length < count + added) {
          int grown = Math.max(count + added, samples[channel].length / 2 * 3);
          samples[channel] = Arrays.copyOf(samples[channel], grown);
        }
        System.arraycopy(planes[channel], 0, samples[channel], count, added);
      }
      count += added;
    }

    AudioPcm pcm() {
      float[] left = Arrays.copyOf(samples[0], count);
      return samples.length == 1
          ? AudioPcm.mono(left)
          : AudioPcm.stereo(left, Arrays.copyOf(samples[1], count));
    }
  }

  private static void checkSize(Path file, AudioLimits limits) throws StageException {
    long bytes;
    try {
      if (!Files.isRegularFile(file)) {
        throw undecodable(file, "no such file");
      }
      bytes = Files.size(file);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.AUDIO_UNDECODABLE, file.getFileName() + ": cannot be read", e);
    }
    if (bytes == 0) {
      throw undecodable(file, "the file is empty");
    }
    if (bytes > limits.maxBytes()) {
      throw undecodable(file, bytes + " bytes, over the limit of " + limits.maxBytes());
    }
  }

  private static StageException undecodable(Path file, @Nullable String why) {
    return new StageException(FailureCode.AUDIO_UNDECODABLE, file.getFileName() + ": " + why);
  }

  /** One file being decoded: holds every native object and frees it in {@link #close}. */
  private static final class Decoding implements AutoCloseable {
    private final Path file;
    private final AudioLimits limits;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private @Nullable AVFormatContext format;
    private @Nullable AVCodecContext codec;
    private @Nullable SwrContext resampler;
    private final FloatPointer[] chunk = new FloatPointer[2];
    private int chunkCapacity;
    private int inputRate;
    private int inputChannels;
    private int outputChannels;
    private final BlockSink sink;
    private float[][] block = new float[0][];
    private long count;
    private long decodedInputSamples;
    private int damagedPackets;
    private int packets;

    Decoding(Path file, AudioLimits limits, BlockSink sink) {
      this.sink = sink;
      this.file = file;
      this.limits = limits;
    }

    Summary run() throws NativeFailure, StageException {
      AVFormatContext input = open();
      lookAhead(input);
      int streamIndex =
          check(
              av_find_best_stream(input, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0),
              "no sound in it");
      for (int i = 0; i < input.nb_streams(); i++) {
        if (i != streamIndex) {
          input.streams(i).discard(AVDISCARD_ALL);
        }
      }
      AVStream stream = input.streams(streamIndex);
      AVCodecContext decoder = openDecoder(stream);
      long declaredUs = declaredDurationUs(input, stream);
      if (declaredUs > limits.maxSeconds() * 1_000_000L + 1_000_000L) {
        throw tooLong();
      }
      int readResult;
      while ((readResult = av_read_frame(input, packet)) >= 0) {
        if (packet.stream_index() == streamIndex) {
          packets++;
          feed(decoder, packet);
        }
        av_packet_unref(packet);
      }
      if (readResult != AVERROR_EOF) {
        check(readResult, "damaged");
      }
      feed(decoder, null);
      drainResampler();
      checkComplete(declaredUs);
      BytePointer profile = avcodec_profile_name(decoder.codec_id(), decoder.profile());
      return new Summary(
          avcodec_get_name(decoder.codec_id()).getString(StandardCharsets.UTF_8),
          profile == null || profile.isNull()
              ? "unknown"
              : profile.getString(StandardCharsets.UTF_8),
          inputRate,
          inputChannels,
          decodedInputSamples,
          packets,
          damagedPackets);
    }

    private AVFormatContext open() throws NativeFailure {
      AVDictionary options = new AVDictionary(null);
      av_dict_set(options, "protocol_whitelist", "file", 0);
      av_dict_set(options, "format_whitelist", FORMATS, 0);
      av_dict_set(options, "fflags", "+bitexact", 0);
      AVFormatContext input = avformat_alloc_context();
      int opened = avformat_open_input(input, "file:" + file.toAbsolutePath(), null, options);
      av_dict_free(options);
      // A failed open has freed the context.
      check(opened, "not an audio file");
      format = input;
      return input;
    }

    /** Reads ahead only where the header leaves something open: it would decode pictures, too. */
    private static void lookAhead(AVFormatContext input) throws NativeFailure {
      int index = av_find_best_stream(input, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
      if (index >= 0) {
        AVStream stream = input.streams(index);
        if (stream.codecpar().sample_rate() > 0 && stream.duration() > 0) {
          return;
        }
      }
      check(avformat_find_stream_info(input, (PointerPointer<?>) null), "not an audio file");
    }

    private AVCodecContext openDecoder(AVStream stream) throws NativeFailure {
      AVCodec found = avcodec_find_decoder(stream.codecpar().codec_id());
      if (found == null || found.isNull()) {
        throw new NativeFailure("a kind of sound that cannot be read");
      }
      AVCodecContext decoder = avcodec_alloc_context3(found);
      codec = decoder;
      check(avcodec_parameters_to_context(decoder, stream.codecpar()), "not an audio file");
      decoder.thread_count(1);
      decoder.flags(decoder.flags() | AV_CODEC_FLAG_BITEXACT);
      decoder.pkt_timebase(stream.time_base());
      check(
          NativeCpu.baseline(() -> avcodec_open2(decoder, found, (PointerPointer<?>) null)),
          "cannot be decoded");
      return decoder;
    }

    /** The length the file promises, or 0 when it is only an estimate. */
    private static long declaredDurationUs(AVFormatContext input, AVStream stream) {
      if (input.duration_estimation_method() == AVFMT_DURATION_FROM_BITRATE) {
        return 0;
      }
      long duration = stream.duration();
      if (duration == AV_NOPTS_VALUE || duration <= 0) {
        return Math.max(0, input.duration());
      }
      return duration * stream.time_base().num() * 1_000_000L / stream.time_base().den();
    }

    private void feed(AVCodecContext decoder, @Nullable AVPacket next)
        throws NativeFailure, StageException {
      int sent = avcodec_send_packet(decoder, next);
      if (sent < 0 && sent != AVERROR_EOF) {
        damagedPackets++;
        return;
      }
      while (true) {
        int received = avcodec_receive_frame(decoder, frame);
        if (received == AVERROR_EAGAIN() || received == AVERROR_EOF) {
          return;
        }
        if (received < 0) {
          damagedPackets++;
          return;
        }
        decodedInputSamples += frame.nb_samples();
        resample(frame);
        av_frame_unref(frame);
      }
    }

    private void resample(AVFrame decoded) throws NativeFailure, StageException {
      SwrContext swr = resampler == null ? openResampler(decoded) : resampler;
      if (decoded.sample_rate() != inputRate
          || decoded.ch_layout().nb_channels() != inputChannels) {
        throw new NativeFailure("its rate or channels change on the way");
      }
      int most = check(swr_get_out_samples(swr, decoded.nb_samples()), "cannot be resampled");
      convert(swr, most, decoded.extended_data(), decoded.nb_samples());
    }

    private void drainResampler() throws NativeFailure, StageException {
      SwrContext swr = resampler;
      if (swr != null) {
        int most = check(swr_get_out_samples(swr, 0), "cannot be resampled");
        if (most > 0) {
          convert(swr, most, null, 0);
        }
      }
    }

    private void convert(
        SwrContext swr, int most, @Nullable PointerPointer<?> input, int inputSamples)
        throws NativeFailure, StageException {
      ensureChunk(most);
      int written;
      try (PointerPointer<?> out = new PointerPointer<>(2)) {
        out.put(0, chunk[0]);
        out.put(1, chunk[1]);
        written =
            check(swr_convert(swr, out, chunkCapacity, input, inputSamples), "cannot be resampled");
      }
      if (count + written > (long) limits.maxSeconds() * AudioPcm.SAMPLE_RATE) {
        throw tooLong();
      }
      for (int channel = 0; channel < outputChannels; channel++) {
        chunk[channel].position(0).get(block[channel], 0, written);
      }
      if (written > 0) {
        sink.accept(block, written);
      }
      count += written;
    }

    private void ensureChunk(int capacity) {
      if (chunkCapacity < capacity) {
        for (int i = 0; i < 2; i++) {
          if (chunk[i] != null) {
            chunk[i].close();
          }
          chunk[i] = new FloatPointer(capacity);
        }
        chunkCapacity = capacity;
        block = new float[outputChannels][capacity];
      }
    }

    private SwrContext openResampler(AVFrame decoded) throws NativeFailure {
      inputRate = decoded.sample_rate();
      inputChannels = decoded.ch_layout().nb_channels();
      if (inputRate < 1000 || inputRate > 768_000 || inputChannels < 1) {
        throw new NativeFailure("a sample rate of " + inputRate + " Hz");
      }
      outputChannels = Math.min(2, inputChannels);
      AVChannelLayout from = new AVChannelLayout();
      AVChannelLayout to = new AVChannelLayout();
      av_channel_layout_default(to, outputChannels);
      if (inputChannels <= 2) {
        // One and two channels pass as they are, whatever names the file gives them.
        av_channel_layout_default(from, inputChannels);
      } else {
        av_channel_layout_copy(from, decoded.ch_layout());
        if (from.order() == AV_CHANNEL_ORDER_UNSPEC) {
          av_channel_layout_default(from, inputChannels);
        }
      }
      SwrContext swr = new SwrContext(null);
      int allocated =
          swr_alloc_set_opts2(
              swr,
              to,
              AV_SAMPLE_FMT_FLTP,
              AudioPcm.SAMPLE_RATE,
              from,
              decoded.format(),
              inputRate,
              0,
              null);
      resampler = swr;
      av_channel_layout_uninit(from);
      av_channel_layout_uninit(to);
      from.close();
      to.close();
      check(allocated, "cannot be resampled");
      // A long Kaiser window: flat to 0.97 of the lower Nyquist frequency, images below -110 dB.
      check(av_opt_set(swr, "filter_type", "kaiser", 0), "resampler");
      check(av_opt_set_double(swr, "kaiser_beta", 12, 0), "resampler");
      check(av_opt_set_int(swr, "filter_size", 96, 0), "resampler");
      check(av_opt_set_double(swr, "cutoff", 0.97, 0), "resampler");
      check(av_opt_set_int(swr, "exact_rational", 1, 0), "resampler");
      // Folding many channels into two must not clip.
      check(av_opt_set_double(swr, "rematrix_maxval", 1.0, 0), "resampler");
      check(NativeCpu.baseline(() -> swr_init(swr)), "cannot be resampled");
      return swr;
    }

    private void checkComplete(long declaredUs) throws NativeFailure {
      if (count == 0) {
        throw new NativeFailure("no sound in it");
      }
      if (damagedPackets > Math.max(1, packets / 100)) {
        throw new NativeFailure(damagedPackets + " of " + packets + " packets are damaged");
      }
      long decodedUs = decodedInputSamples * 1_000_000L / inputRate;
      if (decodedUs + TRUNCATION_SLACK_US < declaredUs && decodedUs < declaredUs / 100 * 99) {
        throw new NativeFailure(
            "truncated: "
                + decodedUs / 1000
                + " ms of the "
                + declaredUs / 1000
                + " ms it promises");
      }
      if (endsInsideOggPage(file)) {
        throw new NativeFailure("truncated inside its last page");
      }
      if (endsInsideWavData(file)) {
        throw new NativeFailure("truncated: shorter than its header promises");
      }
    }

    private StageException tooLong() {
      return undecodable(file, "longer than " + limits.maxSeconds() + " s");
    }

    @Override
    public void close() {
      for (FloatPointer pointer : chunk) {
        if (pointer != null) {
          pointer.close();
        }
      }
      if (resampler != null) {
        swr_free(resampler);
      }
      if (codec != null) {
        avcodec_free_context(codec);
      }
      if (format != null) {
        avformat_close_input(format);
      }
      av_frame_free(frame);
      av_packet_free(packet);
    }
  }

  /**
   * Ogg names no length at its start, so a cut file looks like a shorter one: its last page tells.
   * A page is a 27-byte header, a table of segment sizes, and as many bytes as the table says (RFC
   * 3533).
   */
  private static boolean endsInsideOggPage(Path file) throws NativeFailure {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] magic = "OggS".getBytes(StandardCharsets.US_ASCII);
      byte[] head = new byte[4];
      if (in.length() < 27 || in.read(head) != 4 || !Arrays.equals(head, magic)) {
        return false;
      }
      // No page is longer than 65,307 bytes.
      int size = (int) Math.min(in.length(), 66_000);
      byte[] tail = new byte[size];
      in.seek(in.length() - size);
      in.readFully(tail);
      for (int i = size - 4; i >= 0; i--) {
        if (tail[i] == 'O' && tail[i + 1] == 'g' && tail[i + 2] == 'g' && tail[i + 3] == 'S') {
          return pageEnd(tail, i) > size;
        }
      }
      return true;
    } catch (IOException e) {
      throw new NativeFailure("cannot be read");
    }
  }

  private static int pageEnd(byte[] bytes, int start) {
    if (start + 27 > bytes.length) {
      return Integer.MAX_VALUE;
    }
    int segments = bytes[start + 26] & 0xff;
    if (start + 27 + segments > bytes.length) {
      return Integer.MAX_VALUE;
    }
    int end = start + 27 + segments;
    for (int i = 0; i < segments; i++) {
      end += bytes[start + 27 + i] & 0xff;
    }
    return end;
  }

  /** A demuxer takes a cut WAV file for a shorter one; its header knows better. */
  private static boolean endsInsideWavData(Path file) throws NativeFailure {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] name = new byte[4];
      if (in.length() < 12 || in.read(name) != 4 || !"RIFF".equals(letters(name))) {
        return false;
      }
      long at = 12;
      while (at + 8 <= in.length()) {
        in.seek(at);
        in.readFully(name);
        long size = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
        if ("data".equals(letters(name))) {
          // Writers into a pipe leave the length open: 0, or all bits set.
          boolean open = size == 0 || size >= 0x7fff_f000L;
          return !open && at + 8 + size > in.length();
        }
        at += 8 + size + (size & 1);
      }
      return false;
    } catch (IOException e) {
      throw new NativeFailure("cannot be read");
    }
  }

  private static String letters(byte[] name) {
    return new String(name, StandardCharsets.US_ASCII);
  }
}
