package dev.reelbeam.clients.speech;

import dev.reelbeam.embedded.speech.EmbeddedSpeech;
import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.WordTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far word times that were found are from those that the embedded engine knows, over the
 * sentences of the bundled articles. Writes a table.
 */
public final class WordTimesBench {
  private static final Pattern BLOCK =
      Pattern.compile("(?s)<(p|li|h1|h2|h3|blockquote)\\b[^>]*>(.*?)</\\1>");
  private static final int MOST_SENTENCES = 70;
  private static final int LOST_PERCENT = 4;
  private static final int MERGED_PERCENT = 4;
  private static final int MISHEARD_PERCENT = 4;
  private static final int JITTER_US = 30_000;
  private static final int COARSE_US = 90_000;
  private static final int RECOGNIZER_RATE = 16_000;
  private static final int FRAME_US = 10_000;
  private static final Path MODEL = Path.of("/usr/share/pocketsphinx/model/en-us");

  private WordTimesBench() {}

  /** What was spoken, with the times that the engine knows. */
  private record Said(String text, Speech speech, PcmAudio audio) {
    Map<Integer, WordTiming> known() {
      Map<Integer, WordTiming> known = new HashMap<>();
      speech.words().forEach(word -> known.put(word.charStart(), word));
      return known;
    }
  }

  /** Distances of word starts in milliseconds. */
  private static final class Distances {
    private final List<Long> all = new ArrayList<>();
    private int texts;
    private int estimated;

    void add(Said said, List<WordTiming> found) {
      Map<Integer, WordTiming> known = said.known();
      texts++;
      for (WordTiming word : found) {
        WordTiming right = known.get(word.charStart());
        if (right != null) {
          all.add(Math.abs(word.startUs() - right.startUs()) / 1000);
        }
      }
    }

    /** As {@link ProvidedSpeech} does it: what does not align is estimated. */
    void addHeard(Said said, List<HeardWord> heard) {
      Optional<List<WordTiming>> aligned = ScriptAlignment.align(said.text(), heard, said.audio());
      if (aligned.isEmpty()) {
        estimated++;
      }
      add(said, aligned.orElseGet(() -> EstimatedTimes.of(said.text(), said.audio())));
    }

    String figures() {
      if (all.isEmpty()) {
        return "-";
      }
      Collections.sort(all);
      double mean = all.stream().mapToLong(Long::longValue).average().orElse(0);
      return String.format(
          Locale.ROOT,
          "%.0f / %d / %d",
          mean,
          all.get(all.size() / 2),
          all.get(all.size() * 95 / 100));
    }

    String fellBack() {
      return all.isEmpty() ? "-" : estimated + " of " + texts;
    }
  }

  /** Arguments: the root of the clone, the file to write, where audio may be put. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Path work = Path.of(arguments[2]);
    boolean listens = Files.isDirectory(MODEL);
    StringBuilder table = new StringBuilder();
    table.append("# Word times that were found, against those that the engine knows\n\n");
    table.append("From `bench/word-times`, up to " + MOST_SENTENCES + " sentences of each.");
    table.append(" Distance of word starts in milliseconds: mean / median /");
    table.append(" 95th percentile; the target for a transcript is a mean of 40 and 120 at the 95th");
    table.append(" percentile. What does not align is estimated, as in a run, and counts.\n\n");
    table.append("| article | words | transcript of a real recognizer | its sentences that were");
    table.append(" estimated | transcript, exact to 30 ms | transcript, coarse | estimate from the");
    table.append(" audio | by letters alone |\n|---|---|---|---|---|---|---|---|\n");
    try (EmbeddedSpeech speech =
        EmbeddedSpeech.withVoices(root.resolve("io/voices/target/lib"))) {
      row(table, speech, root, work, "howto/article.html", "en", listens);
      row(table, speech, root, work, "technical/article.md", "en", listens);
      row(table, speech, root, work, "deutsch/article.html", "de", false);
    }
    table.append(
        String.format(
            Locale.ROOT,
            "%nThe recognizer is %s. It knows English alone.%n%nThe other two transcripts are made of"
                + " the known times, with %d %% of the words lost, %d %% merged with the next and %d"
                + " %% misheard. The exact one moves them by up to %d ms. The coarse one has times as"
                + " Whisper tells them: each word begins where the one before ends, so a pause belongs"
                + " to one of its neighbours, and borders are off by up to %d ms.%n%nThe estimate was"
                + " fitted on the how-to and a sixth of the technical article; the German one is"
                + " another engine and language.%n",
            listens
                ? "pocketsphinx with Debian's general model of US English (pocketsphinx-en-us)"
                : "not installed here (apt-get install pocketsphinx pocketsphinx-en-us)",
            LOST_PERCENT,
            MERGED_PERCENT,
            MISHEARD_PERCENT,
            JITTER_US / 1000,
            COARSE_US / 1000));
    Files.writeString(Path.of(arguments[1]), table);
  }

  private static void row(
      StringBuilder table,
      EmbeddedSpeech speech,
      Path root,
      Path work,
      String article,
      String language,
      boolean listens)
      throws Exception {
    List<Said> all = new ArrayList<>();
    List<String> sentences = sentences(root.resolve("examples").resolve(article));
    for (String text : sentences.subList(0, Math.min(MOST_SENTENCES, sentences.size()))) {
      Speech spoken = speech.synthesize(new SpeechRequest(text, language, "default", 1000));
      all.add(new Said(text, spoken, PcmAudio.parseWav(spoken.wav())));
    }
    Distances recognized = new Distances();
    Distances exact = new Distances();
    Distances coarse = new Distances();
    Distances estimated = new Distances();
    Distances byLetters = new Distances();
    List<List<HeardWord>> heard = listens ? recognize(all, work) : List.of();
    Random random = new Random(7);
    Random other = new Random(8);
    for (int i = 0; i < all.size(); i++) {
      Said said = all.get(i);
      if (listens) {
        recognized.addHeard(said, heard.get(i));
      }
      exact.addHeard(said, transcript(said.speech().words(), random, JITTER_US));
      coarse.addHeard(said, transcript(contiguous(said, other), other, 0));
      estimated.add(said, EstimatedTimes.of(said.text(), said.audio()));
      byLetters.add(said, byLetters(said.text(), said.audio().durationUs()));
    }
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %s | %s | %s | %s | %s | %s |%n",
            article,
            estimated.all.size(),
            recognized.figures(),
            recognized.fellBack(),
            exact.figures(),
            coarse.figures(),
            estimated.figures(),
            byLetters.figures()));
  }

  /** What pocketsphinx hears in each text, all of them in one run of it. */
  private static List<List<HeardWord>> recognize(List<Said> all, Path work)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(work, "heard");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      names.add("text" + i);
      Files.write(folder.resolve("text" + i + ".wav"), resampled(all.get(i).audio()).toWav());
    }
    Files.write(folder.resolve("names"), names);
    Process process =
        new ProcessBuilder(
                "pocketsphinx_batch",
                "-adcin",
                "yes",
                "-adchdr",
                "44",
                "-cepdir",
                folder.toString(),
                "-cepext",
                ".wav",
                "-ctl",
                folder.resolve("names").toString(),
                "-hmm",
                MODEL.resolve("en-us").toString(),
                "-lm",
                MODEL.resolve("en-us.lm.bin").toString(),
                "-dict",
                MODEL.resolve("cmudict-en-us.dict").toString(),
                "-hypseg",
                folder.resolve("heard").toString(),
                "-logfn",
                folder.resolve("log").toString())
            .inheritIO()
            .start();
    if (!process.waitFor(30, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("pocketsphinx_batch failed: " + folder.resolve("log"));
    }
    Map<String, List<HeardWord>> heard = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("heard"))) {
      String[] fields = line.split(" +");
      heard.put(fields[0], words(fields));
    }
    return names.stream().map(name -> heard.getOrDefault(name, List.of())).toList();
  }

  /** {@code id S n T n A n L n} and then {@code frame score score word} for each, and the end. */
  private static List<HeardWord> words(String[] fields) {
    List<HeardWord> words = new ArrayList<>();
    int at = 9;
    while (at + 4 < fields.length) {
      long startUs = Long.parseLong(fields[at]) * FRAME_US;
      String word = fields[at + 3].replaceFirst("\\(\\d+\\)$", "");
      long endUs = Long.parseLong(fields[at + 4]) * FRAME_US;
      if (!word.startsWith("<") && !word.startsWith("[")) {
        words.add(new HeardWord(word, startUs, endUs));
      }
      at += 4;
    }
    return words;
  }

  /** At the recognizer's rate; a windowed sinc. */
  private static PcmAudio resampled(PcmAudio audio) {
    double cutoff = 0.94 * Math.min(1, (double) RECOGNIZER_RATE / audio.sampleRate());
    double reach = 16 / cutoff;
    int count = (int) ((long) audio.samples().length * RECOGNIZER_RATE / audio.sampleRate());
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      double centre = (double) i * audio.sampleRate() / RECOGNIZER_RATE;
      int last = Math.min(audio.samples().length - 1, (int) Math.floor(centre + reach));
      double sum = 0;
      for (int k = Math.max(0, (int) Math.ceil(centre - reach)); k <= last; k++) {
        double x = Math.PI * (k - centre) * cutoff;
        double window = 0.5 + 0.5 * Math.cos(Math.PI * (k - centre) / reach);
        sum += audio.samples()[k] * window * (Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x);
      }
      samples[i] = (short) Math.max(-32_768, Math.min(32_767, Math.round(sum * cutoff)));
    }
    return new PcmAudio(samples, RECOGNIZER_RATE);
  }

  /** The known words with borders in common, in the middle of nowhere when there was a pause. */
  private static List<WordTiming> contiguous(Said said, Random random) {
    List<WordTiming> words = said.speech().words();
    long audioUs = said.audio().durationUs();
    List<WordTiming> coarse = new ArrayList<>();
    long startUs = 0;
    for (int i = 0; i < words.size(); i++) {
      WordTiming word = words.get(i);
      long endUs = audioUs;
      if (i + 1 < words.size()) {
        long border = random.nextBoolean() ? word.endUs() : words.get(i + 1).startUs();
        endUs = border + random.nextInt(2 * COARSE_US) - COARSE_US;
        endUs = Math.max(startUs + FRAME_US, Math.min(audioUs, endUs));
      }
      coarse.add(new WordTiming(word.text(), word.charStart(), word.charEnd(), startUs, endUs));
      startUs = endUs;
    }
    return coarse;
  }

  private static List<WordTiming> byLetters(String text, long audioUs) {
    List<WordTiming> words = new ArrayList<>();
    List<ScriptWord> script = ScriptWord.of(text);
    long total = script.stream().mapToLong(word -> word.text().length() + 1).sum();
    long passed = 0;
    for (ScriptWord word : script) {
      long startUs = audioUs * passed / total;
      passed += word.text().length() + 1;
      words.add(
          new WordTiming(
              word.text(), word.charStart(), word.charEnd(), startUs, audioUs * passed / total));
    }
    return words;
  }

  private static List<HeardWord> transcript(
      List<WordTiming> words, Random random, int jitterUs) {
    List<HeardWord> heard = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      WordTiming word = words.get(i);
      String text = ScriptWord.normal(word.text());
      long moveUs = jitterUs == 0 ? 0 : random.nextInt(2 * jitterUs) - jitterUs;
      long startUs = Math.max(0, word.startUs() + moveUs);
      long endUs = Math.max(startUs + 10_000, word.endUs());
      int dice = random.nextInt(100);
      if (dice < LOST_PERCENT) {
        continue;
      } else if (dice < LOST_PERCENT + MERGED_PERCENT && i + 1 < words.size()) {
        i++;
        text += ScriptWord.normal(words.get(i).text());
        endUs = words.get(i).endUs();
      } else if (dice < LOST_PERCENT + MERGED_PERCENT + MISHEARD_PERCENT) {
        text = "zz" + text.substring(Math.min(2, text.length()));
      }
      heard.add(new HeardWord(text, startUs, endUs));
    }
    return heard;
  }

  /** What a voice can say of an article, sentence by sentence. */
  private static List<String> sentences(Path file) throws IOException {
    String page = Files.readString(file);
    List<String> blocks = new ArrayList<>();
    if (file.toString().endsWith(".html")) {
      Matcher matcher =
          BLOCK.matcher(page.replaceAll("(?s)<(script|style|head|nav|footer)\\b.*?</\\1>", ""));
      while (matcher.find()) {
        blocks.add(matcher.group(2).replaceAll("<[^>]+>", ""));
      }
    } else {
      for (String block : page.replaceAll("(?s)```.*?```|\\A---.*?---", "").split("\\n\\s*\\n")) {
        if (!block.startsWith("|")) {
          blocks.add(
              block
                  .replaceAll("!\\[[^\\]]*\\]\\([^)]*\\)", "")
                  .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                  .replaceAll("[*`#>]", ""));
        }
      }
    }
    List<String> sentences = new ArrayList<>();
    for (String block : blocks) {
      String text = block.replace("&amp;", "&").replace("&nbsp;", " ").replaceAll("\\s+", " ");
      for (String sentence : text.strip().split("(?<=[.!?]) (?=[A-ZÄÖÜ0-9])")) {
        if (sentence.split(" ").length > 2) {
          sentences.add(sentence);
        }
      }
    }
    return sentences;
  }
}
