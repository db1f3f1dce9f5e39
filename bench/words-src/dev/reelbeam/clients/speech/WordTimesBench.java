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
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far word times that were found are from those that the embedded engine knows, over the
 * sentences of the bundled articles. Writes a table.
 */
public final class WordTimesBench {
  private static final Pattern BLOCK =
      Pattern.compile("(?s)<(p|li|h1|h2|h3|blockquote)\\b[^>]*>(.*?)</\\1>");
  private static final int LOST_PERCENT = 4;
  private static final int MERGED_PERCENT = 4;
  private static final int MISHEARD_PERCENT = 4;
  private static final int JITTER_US = 30_000;

  private WordTimesBench() {}

  /** Arguments: the root of the clone, the file to write. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    StringBuilder table = new StringBuilder();
    table.append("# Word times that were found, against those that the engine knows\n\n");
    table.append("From `bench/word-times`. Distance of word starts in milliseconds: median / 95th");
    table.append(" percentile.\n\n");
    table.append("| article | words | estimate from the audio | by letters alone | transcript laid");
    table.append(" over the script |\n|---|---|---|---|---|\n");
    try (EmbeddedSpeech speech =
        EmbeddedSpeech.withVoices(root.resolve("io/voices/target/lib"))) {
      row(table, speech, root, "howto/article.html", "en");
      row(table, speech, root, "technical/article.md", "en");
      row(table, speech, root, "deutsch/article.html", "de");
    }
    table.append("\nThe estimate was fitted on the how-to and a sixth of the technical article;");
    table.append(" the German one is another engine and language. The transcript is no real one:");
    table.append(
        String.format(
            Locale.ROOT,
            " it is made of the known times, moved by up to %d ms, with %d %% of the words lost,"
                + " %d %% merged with the next and %d %% misheard, so the column shows what the"
                + " alignment adds to the error of a transcript.%n",
            JITTER_US / 1000,
            LOST_PERCENT,
            MERGED_PERCENT,
            MISHEARD_PERCENT));
    Files.writeString(Path.of(arguments[1]), table);
  }

  private static void row(
      StringBuilder table, EmbeddedSpeech speech, Path root, String article, String language)
      throws Exception {
    List<Long> estimated = new ArrayList<>();
    List<Long> byLetters = new ArrayList<>();
    List<Long> heard = new ArrayList<>();
    Random random = new Random(7);
    for (String text : sentences(root.resolve("examples").resolve(article))) {
      Speech spoken = speech.synthesize(new SpeechRequest(text, language, "default", 1000));
      Map<Integer, WordTiming> known = new HashMap<>();
      spoken.words().forEach(word -> known.put(word.charStart(), word));
      PcmAudio audio = PcmAudio.parseWav(spoken.wav());
      collect(estimated, known, EstimatedTimes.of(text, audio));
      collect(byLetters, known, byLetters(text, audio.durationUs()));
      ScriptAlignment.align(text, transcript(spoken.words(), random), audio.durationUs())
          .ifPresent(aligned -> collect(heard, known, aligned));
    }
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %s | %s | %s |%n",
            article,
            estimated.size(),
            figures(estimated),
            figures(byLetters),
            figures(heard)));
  }

  private static void collect(
      List<Long> distances, Map<Integer, WordTiming> known, List<WordTiming> found) {
    for (WordTiming word : found) {
      WordTiming right = known.get(word.charStart());
      if (right != null) {
        distances.add(Math.abs(word.startUs() - right.startUs()) / 1000);
      }
    }
  }

  private static String figures(List<Long> distances) {
    Collections.sort(distances);
    return distances.get(distances.size() / 2) + " / " + distances.get(distances.size() * 95 / 100);
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

  private static List<HeardWord> transcript(List<WordTiming> words, Random random) {
    List<HeardWord> heard = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      WordTiming word = words.get(i);
      String text = ScriptWord.normal(word.text());
      long startUs = Math.max(0, word.startUs() + random.nextInt(2 * JITTER_US) - JITTER_US);
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
