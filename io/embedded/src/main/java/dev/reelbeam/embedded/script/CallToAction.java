package dev.reelbeam.embedded.script;

import dev.reelbeam.model.port.ScriptRequest;
import java.util.ArrayList;
import java.util.List;

/** The one action at the end: the brand's own words, or the language's with the topic. */
final class CallToAction {
  private final SourceText source;
  private final LanguageProfile language;
  private final String brand;

  CallToAction(SourceText source, ScriptRequest request) {
    this.source = source;
    this.language = source.language();
    this.brand = request.callToAction().strip();
  }

  /** Two to four seconds. */
  String brief() {
    return brand.isEmpty() ? template("cta.short") : asSentence(brand);
  }

  /** Five to ten seconds, when no sentence of the source stands before it; best first. */
  List<String> ample() {
    if (!brand.isEmpty()) {
      return List.of(asSentence(brand));
    }
    List<String> texts = new ArrayList<>();
    for (String key : List.of("cta.long", "cta.longer")) {
      String text = template(key);
      if (!text.isEmpty() && !texts.contains(text)) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** A few words for the end card. */
  String overlay() {
    return brand.isEmpty() ? language.phrase("cta.overlay") : brand.replaceAll("[.!]+$", "");
  }

  private String template(String key) {
    String topic = new KeyPhrases(source).topic();
    String text = language.phrase(key);
    if (text.contains("{topic}")) {
      if (topic.isEmpty()) {
        String plain = language.phrase(key + ".plain");
        text = plain.isEmpty() ? language.phrase("cta.long.plain") : plain;
      } else {
        text = text.replace("{topic}", topic);
      }
    }
    return text;
  }

  private String asSentence(String words) {
    return SpokenText.finished(source.spoken().capitalized(words));
  }
}
