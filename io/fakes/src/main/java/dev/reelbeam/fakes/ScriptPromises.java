package dev.reelbeam.fakes;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.SpokenWords;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What every writer promises of the script of a record that has a source, as a check. */
public final class ScriptPromises {
  private static final int MAX_OVERLAY_CHARS = 40;
  private static final int CONTENT_WORD_CHARS = 5;
  private static final Pattern WORD = Pattern.compile("\\p{L}+");
  private static final Pattern NUMBER = Pattern.compile("\\p{Nd}+");

  private ScriptPromises() {}

  /** The promises that a script breaks, in words; empty for a good one. */
  public static List<String> broken(ContentRecord record, ScriptRequest request, Script script) {
    List<String> broken = new ArrayList<>();
    if (!script.language().equals(record.language())) {
      broken.add("it is in " + script.language() + ", its source in " + record.language());
    }
    if (script.version() != 1 || script.writer().isEmpty()) {
      broken.add("it is no first version, or does not tell who wrote it");
    }
    shape(script, broken);
    for (ScriptSection section : script.sections()) {
      if (section.textOverlay().length() > MAX_OVERLAY_CHARS) {
        broken.add("'" + section.textOverlay() + "' does not fit on the screen");
      }
      if (section.durationEstMs() <= 0) {
        broken.add("'" + section.text() + "' takes no time");
      }
      for (Sentence sentence : section.sentences()) {
        sentence(record, section.role(), sentence, broken);
      }
    }
    length(request, script, broken);
    script.seo().forEach((platform, texts) -> broken.addAll(tooLong(platform, texts)));
    return broken;
  }

  /** A hook first, an intro second if there is one, points, the call to action last. */
  private static void shape(Script script, List<String> broken) {
    StringBuilder roles = new StringBuilder();
    for (ScriptSection section : script.sections()) {
      roles.append(
          switch (section.role()) {
            case HOOK -> 'H';
            case INTRO -> 'I';
            case POINT -> 'P';
            case CTA -> 'C';
          });
      if (section.sentences().isEmpty()
          || section.sentences().stream().anyMatch(sentence -> sentence.text().isBlank())) {
        broken.add("a section of it says nothing");
      }
    }
    if (!Pattern.matches("HI?P+C", roles)) {
      broken.add("its sections are " + roles);
    }
  }

  /** Points and intro rest on the source; hook and call to action claim no figure beyond it. */
  private static void sentence(
      ContentRecord record, SectionRole role, Sentence sentence, List<String> broken) {
    String where = "'" + sentence.text() + "' ";
    if (sentence.sourceBlock() < -1 || sentence.sourceBlock() >= record.blocks().size()) {
      broken.add(where + "cites a block that there is not");
      return;
    }
    StringBuilder all = new StringBuilder(record.title());
    all.append(' ').append(record.description());
    record.blocks().forEach(block -> all.append(' ').append(text(block)));
    if (!found(NUMBER, all, 1).containsAll(found(NUMBER, sentence.text(), 1))) {
      broken.add(where + "has a number that its source does not have");
    }
    if (role == SectionRole.HOOK || role == SectionRole.CTA) {
      return;
    }
    String cited =
        sentence.sourceBlock() < 0
            ? record.title() + " " + record.description()
            : text(record.blocks().get(sentence.sourceBlock()));
    Set<String> said = found(WORD, sentence.text(), CONTENT_WORD_CHARS);
    long known = said.stream().filter(found(WORD, cited, CONTENT_WORD_CHARS)::contains).count();
    if (2 * known < said.size()) {
      broken.add(where + "does not say what it cites");
    }
  }

  private static String text(SourceBlock block) {
    return block.text() + " " + String.join(" ", block.items());
  }

  private static Set<String> found(Pattern pattern, CharSequence text, int leastChars) {
    Set<String> found = new HashSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.group().length() >= leastChars) {
        found.add(matcher.group().toLowerCase(Locale.ROOT));
      }
    }
    return found;
  }

  /** What the pace of a voice can still bring between the shortest and the longest. */
  private static void length(ScriptRequest request, Script script, List<String> broken) {
    long sentences = script.sections().stream().mapToLong(part -> part.sentences().size()).sum();
    long ms =
        (long) SpokenWords.count(script.scriptText()) * request.msPerWord()
            + sentences * request.pauseMs();
    if (ms < request.minMs() * 7L / 10 || ms > request.maxMs() * 13L / 10) {
      broken.add(
          "it takes " + ms + " ms; " + request.minMs() + " to " + request.maxMs() + " are wanted");
    }
  }

  /** The limits of a platform that its texts break, in words. */
  public static List<String> tooLong(String platformId, SeoMetadata texts) {
    List<String> broken = new ArrayList<>();
    for (Platform platform : Platform.values()) {
      if (platform.id().equals(platformId)) {
        int tags = texts.tags().stream().mapToInt(String::length).sum();
        if (texts.title().isBlank() || texts.title().length() > platform.titleLimit()) {
          broken.add("the title for " + platformId + " has " + texts.title().length());
        }
        if (texts.description().length() > platform.descriptionLimit()) {
          broken.add("the description for " + platformId + " has " + texts.description().length());
        }
        if (tags > platform.tagsLimit()) {
          broken.add("the tags for " + platformId + " have " + tags);
        }
        return broken;
      }
    }
    return List.of("there is no platform " + platformId);
  }
}
