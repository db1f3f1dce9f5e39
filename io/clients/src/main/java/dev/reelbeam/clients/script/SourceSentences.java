package dev.reelbeam.clients.script;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.SourceBlock;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The source as numbered sentences, in document order; what a script says cites these numbers.
 *
 * @param all the sentences; the number of a sentence is its index
 * @param language its code without a country
 */
record SourceSentences(List<SourceSentence> all, String language) {
  private static final int MAX_CHARS = 24_000;

  /**
   * One sentence.
   *
   * @param block index into the record's blocks, -1 for the title and the description
   */
  record SourceSentence(int block, String heading, String text) {}

  /** The sentences of a record, as far as a prompt has room. */
  static SourceSentences of(ContentRecord record) {
    List<SourceSentence> sentences = new ArrayList<>();
    BreakIterator breaks =
        BreakIterator.getSentenceInstance(Locale.forLanguageTag(record.language()));
    add(sentences, breaks, -1, "", record.title());
    if (record.description() != null) {
      add(sentences, breaks, -1, "", record.description());
    }
    if (record.listing() != null && record.listing().price() != null) {
      String currency = record.listing().currency();
      sentences.add(
          new SourceSentence(
              -1,
              "",
              "Price: " + record.listing().price() + (currency == null ? "" : " " + currency)));
    }
    String heading = "";
    int chars = 0;
    for (int block = 0; block < record.blocks().size() && chars < MAX_CHARS; block++) {
      SourceBlock source = record.blocks().get(block);
      int before = sentences.size();
      switch (source.kind()) {
        case HEADING -> heading = source.text();
        case CODE, PICTURE -> {}
        default -> {
          add(sentences, breaks, block, heading, source.text());
          for (String item : source.items()) {
            add(sentences, breaks, block, heading, item);
          }
        }
      }
      for (int i = before; i < sentences.size(); i++) {
        chars += sentences.get(i).text().length();
      }
    }
    return new SourceSentences(
        List.copyOf(sentences), Locale.forLanguageTag(record.language()).getLanguage());
  }

  private static void add(
      List<SourceSentence> sentences,
      BreakIterator breaks,
      int block,
      String heading,
      String text) {
    breaks.setText(text);
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
      String sentence = text.substring(from, to).replaceAll("\\s+", " ").strip();
      if (!sentence.isEmpty()) {
        sentences.add(new SourceSentence(block, heading, sentence));
      }
    }
  }

  /**
   * The sentence of a block that shares most words with a text, which may be a spoken form of it.
   *
   * @return its number; -1 if none of the block shares any
   */
  int closest(int block, String text) {
    Set<String> wanted = words(text);
    int best = -1;
    long most = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).block() == block) {
        long shared = words(all.get(i).text()).stream().filter(wanted::contains).count();
        if (shared > most) {
          best = i;
          most = shared;
        }
      }
    }
    return best;
  }

  private static Set<String> words(String text) {
    return new HashSet<>(List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")));
  }

  /** As the model reads it: {@code [12] Text.}, with headings between. */
  String numbered() {
    StringBuilder text = new StringBuilder();
    String heading = "";
    for (int i = 0; i < all.size(); i++) {
      SourceSentence sentence = all.get(i);
      if (!sentence.heading().equals(heading)) {
        heading = sentence.heading();
        text.append("# ").append(heading).append('\n');
      }
      text.append('[').append(i).append("] ").append(sentence.text()).append('\n');
    }
    return text.toString();
  }

  /** Whether any of them holds a digit. */
  boolean holdNumbers() {
    return all.stream().anyMatch(sentence -> sentence.text().matches("(?s).*\\p{Nd}.*"));
  }
}
