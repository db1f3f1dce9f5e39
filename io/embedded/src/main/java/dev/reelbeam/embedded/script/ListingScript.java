package dev.reelbeam.embedded.script;

import com.ibm.icu.text.NumberFormat;
import com.ibm.icu.util.Currency;
import com.ibm.icu.util.ULocale;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.port.ScriptRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A script for something on offer, from its title, price, category, description and pictures.
 *
 * <p>Only what the listing says is said. Sentences of the description are taken as they are, noun
 * phrases are put into the language's templates, and the rest is an invitation to look.
 */
final class ListingScript {
  private static final int MAX_DESCRIPTION = 40;
  private static final int MAX_ITEMS = 4;
  private static final int MAX_HOOK_WORDS = 12;

  private final ContentRecord record;
  private final ScriptRequest request;
  private final String identity;
  private final LanguageProfile language;
  private final SourceText source;
  private final SpokenText spoken;
  private final OnScreen onScreen;
  private final Selection.Pace pace;

  private final String title;
  private final boolean named;
  private final String price;
  private final @Nullable Phrase phrase;
  private final List<Sentence> description;
  private final List<String> items;

  ListingScript(ContentRecord record, ScriptRequest request, String identity) {
    this.record = record;
    this.request = request;
    this.identity = identity;
    this.language = LanguageProfile.of(record.language());
    this.source = SourceText.of(record);
    this.spoken = source.spoken();
    this.onScreen = new OnScreen(source);
    this.pace = new Selection.Pace(request.msPerWord(), request.pauseMs());
    String bareTitle = record.title().strip().replaceAll("[.!]+$", "");
    // A model year in front makes a name that takes the article; other titles stand alone.
    this.named = bareTitle.matches("(?:19|20)\\d\\d \\p{Lu}.*") && !template("title").isEmpty();
    this.title = named ? template("title").replace("{x}", bareTitle) : bareTitle;
    this.price = price(record.listing());
    this.phrase = phrase();
    this.description = description();
    this.items = items();
  }

  /** A noun phrase of the source: with its article where that is sure, else as it stands. */
  private record Phrase(String text, boolean withArticle, int block) {}

  /** A sentence that may or may not be spoken, and what leaving it out costs. */
  private record Optional(String key, List<Sentence> sentences, double worth) {}

  Script write() {
    HookStyle style = request.hookStyle();
    if (style == null || hook(style).isEmpty()) {
      style = usualStyle();
    }
    String hook = hook(style);
    boolean phraseInHook = hook.equals(hookOfPhrase());
    List<Optional> optionals = optionals(phraseInHook);
    List<String> endings = endings();
    List<ScriptSection> best = List.of();
    double bestPenalty = Double.MAX_VALUE;
    for (int prefix = 0; prefix <= description.size(); prefix++) {
      for (int mask = 0; mask < 1 << optionals.size(); mask++) {
        for (int ending = 0; ending < endings.size(); ending++) {
          double penalty = 0.15 * ending + 0.1 * (description.size() - prefix);
          for (int i = 0; i < optionals.size(); i++) {
            double worth = optionals.get(i).worth();
            boolean in = (mask >> i & 1) == 1;
            penalty += in ? Math.max(0, -worth) : Math.max(0, worth);
          }
          List<ScriptSection> sections =
              sections(hook, phraseInHook, prefix, optionals, mask, endings.get(ending));
          int length = sections.stream().mapToInt(ScriptSection::durationEstMs).sum();
          double off = Math.abs(length - request.targetMs()) * 100.0 / request.targetMs();
          penalty += off <= 2 ? 0.1 * off : 0.2 + (off - 2) * 0.5;
          if (penalty < bestPenalty) {
            bestPenalty = penalty;
            best = sections;
          }
        }
      }
    }
    return new Script(best, record.language(), 1, identity, Map.of(), style);
  }

  private List<Optional> optionals(boolean phraseInHook) {
    List<Optional> optionals = new ArrayList<>();
    if (phrase != null && !phraseInHook) {
      String form = template(phrase.withArticle() ? "np" : "short");
      if (!form.isEmpty()) {
        optionals.add(
            new Optional("phrase", of(form.replace("{np}", phrase.text()), phrase.block()), 1.5));
      }
    }
    String gallery = gallery();
    if (!gallery.isEmpty()) {
      optionals.add(new Optional("gallery", of(gallery, -1), items.isEmpty() ? 0.2 : 1));
    }
    String recap =
        price.isEmpty()
            ? template("recap.plain").replace("{title}", title)
            : template("recap").replace("{title}", title).replace("{price}", price);
    if (!recap.isEmpty()) {
      optionals.add(new Optional("recap", of(recap, -1), -0.3));
    }
    double worth = -1;
    for (String pad : language.list("listing.pad")) {
      optionals.add(new Optional("pad", of(pad, -1), worth));
      worth -= 0.2;
    }
    return optionals;
  }

  private static List<Sentence> of(String text, int block) {
    return List.of(new Sentence(text, block));
  }

  private List<ScriptSection> sections(
      String hook,
      boolean phraseInHook,
      int prefix,
      List<Optional> optionals,
      int mask,
      String ending) {
    List<ScriptSection> sections = new ArrayList<>();
    String shownTitle = onScreen.fitted(record.title().strip());
    String hookWords = phraseInHook ? phraseOnScreen() : shownTitle;
    int hookBlock = phraseInHook && phrase != null ? phrase.block() : -1;
    sections.add(section(SectionRole.HOOK, of(hook, hookBlock), onScreen.hookCue(), hookWords));

    List<Sentence> opening = new ArrayList<>();
    String meet = template(named ? "meet" : "meet.colon").replace("{title}", title);
    if (!meet.isEmpty() && !hook.contains(title)) {
      opening.add(new Sentence(meet, -1));
    }
    chosen("phrase", optionals, mask, opening);
    List<List<Sentence>> points = new ArrayList<>();
    int described = 0;
    while (described < prefix && opening.size() < 3) {
      opening.add(description.get(described++));
    }
    if (!opening.isEmpty()) {
      points.add(opening);
    }
    while (described < prefix) {
      int until = Math.min(prefix, described + 3);
      points.add(List.copyOf(description.subList(described, until)));
      described = until;
    }
    for (List<Sentence> point : points) {
      String text = String.join(" ", point.stream().map(Sentence::text).toList());
      String number = onScreen.number(text);
      sections.add(
          section(
              SectionRole.POINT,
              point,
              point.get(point.size() - 1).sourceBlock() < 0
                  ? onScreen.hookCue()
                  : onScreen.cue(text, point.get(point.size() - 1).sourceBlock()),
              sections.size() > 1 ? number : phraseInHook ? shownTitle : phraseOnScreen()));
    }
    List<Sentence> looking = new ArrayList<>();
    chosen("gallery", optionals, mask, looking);
    chosen("pad", optionals, mask, looking);
    if (!looking.isEmpty()) {
      String cue = items.isEmpty() ? onScreen.endCue() : String.join(", ", items);
      sections.add(section(SectionRole.POINT, looking, cue, ""));
    }
    List<Sentence> offer = new ArrayList<>();
    String priceSentence = template("price").replace("{price}", price);
    if (!price.isEmpty() && !priceSentence.isEmpty() && !hook.contains(price)) {
      offer.add(new Sentence(priceSentence, -1));
    }
    chosen("recap", optionals, mask, offer);
    if (!offer.isEmpty()) {
      sections.add(
          section(
              SectionRole.POINT,
              offer,
              onScreen.hookCue(),
              price.isEmpty() ? shownTitle : onScreen.fitted(price)));
    }
    if (!ending.isEmpty()) {
      String overlay =
          request.callToAction().isBlank()
              ? template("cta.overlay")
              : request.callToAction().strip().replaceAll("[.!]+$", "");
      sections.add(
          section(SectionRole.CTA, of(ending, -1), onScreen.endCue(), onScreen.fitted(overlay)));
    }
    return List.copyOf(sections);
  }

  private static void chosen(
      String key, List<Optional> optionals, int mask, List<Sentence> sentences) {
    for (int i = 0; i < optionals.size(); i++) {
      if ((mask >> i & 1) == 1 && optionals.get(i).key().equals(key)) {
        sentences.addAll(optionals.get(i).sentences());
      }
    }
  }

  private ScriptSection section(
      SectionRole role, List<Sentence> sentences, String cue, String overlay) {
    int cost = pace.cost(sentences.stream().map(Sentence::text).toList());
    return new ScriptSection(role, List.copyOf(sentences), cue, overlay, "", cost);
  }

  private String template(String key) {
    return language.phrase("listing." + key);
  }

  private String hookOfPhrase() {
    String form = template("hook.np");
    return phrase == null || !phrase.withArticle() || form.isEmpty()
        ? ""
        : form.replace("{np}", phrase.text());
  }

  /** The styles in which a listing can open: it has no story and no contrast to tell. */
  List<HookStyle> styles() {
    return Stream.of(HookStyle.values()).filter(style -> !hook(style).isEmpty()).toList();
  }

  private HookStyle usualStyle() {
    return hook(HookStyle.QUESTION).isEmpty() ? HookStyle.PROMISE : HookStyle.QUESTION;
  }

  /** The first sentence in a style; empty when the listing gives none. */
  private String hook(HookStyle style) {
    return switch (style) {
      case QUESTION -> {
        String ofPhrase = hookOfPhrase();
        yield SpokenText.words(ofPhrase) <= MAX_HOOK_WORDS ? ofPhrase : "";
      }
      case NUMBER -> {
        String form = template("hook.price").replace("{title}", title).replace("{price}", price);
        yield price.isEmpty() || form.isEmpty() || SpokenText.words(form) > MAX_HOOK_WORDS
            ? ""
            : form;
      }
      case PROMISE -> {
        String form = template(named ? "hook" : "hook.colon");
        yield form.isEmpty() ? SpokenText.finished(title) : form.replace("{title}", title);
      }
      case CONTRAST, STORY -> "";
    };
  }

  /** A title of this form; null when the listing gives none. */
  @Nullable String title(TitleStyle style) {
    return switch (style) {
      case QUESTION -> hook(HookStyle.QUESTION).isEmpty() ? null : hook(HookStyle.QUESTION);
      case NUMBER -> price.isEmpty() ? null : record.title().strip() + " – " + price;
      case PLAIN, HOW_TO -> null;
    };
  }

  private List<String> endings() {
    if (!request.callToAction().isBlank()) {
      return List.of(SpokenText.finished(spoken.capitalized(request.callToAction().strip())));
    }
    String category =
        record.listing() == null
            ? ""
            : Objects.requireNonNullElse(record.listing().category(), "").toLowerCase(Locale.ROOT);
    String action = template("cta");
    for (String kind : List.of("automotive", "property")) {
      if (!category.isEmpty() && language.list("listing." + kind).contains(category)) {
        action = template("cta." + kind);
      }
    }
    List<String> endings = new ArrayList<>();
    endings.add(action);
    String ample = template("cta.long");
    if (!ample.isEmpty() && !action.isEmpty()) {
      endings.add(
          ample.replace(
              "{cta}",
              action.substring(0, 1).toLowerCase(language.locale()) + action.substring(1)));
    }
    return endings;
  }

  /** "the exterior, the interior and the alloy wheels", or how many pictures there are. */
  private String gallery() {
    if (items.size() >= 2 && !template("gallery").isEmpty()) {
      StringBuilder list = new StringBuilder();
      for (int i = 0; i < items.size(); i++) {
        if (i > 0) {
          list.append(i == items.size() - 1 ? " " + template("and") + " " : ", ");
        }
        list.append(template("item").replace("{x}", items.get(i)));
      }
      return template("gallery").replace("{list}", list);
    }
    int pictures = record.images().size();
    return pictures < 3 ? "" : template("gallery.count").replace("{n}", Integer.toString(pictures));
  }

  /** Short names of what the pictures show, when most of them have one. */
  private List<String> items() {
    Set<String> names = new LinkedHashSet<>();
    for (ContentImage image : record.images()) {
      String caption = Objects.requireNonNullElse(image.caption(), "").strip();
      boolean plain = caption.matches("\\p{L}[\\p{L}-]*(?: \\p{L}[\\p{L}-]*){0,2}");
      if (plain && isNounPhrase(caption) && names.size() < MAX_ITEMS) {
        names.add(language.language().equals("de") ? caption : lowered(caption));
      }
    }
    return List.copyOf(names);
  }

  private boolean isNounPhrase(String text) {
    return language
        .tagger()
        .map(tagger -> tagger.tag(lowered(text)))
        .map(
            tokens ->
                tokens.stream().noneMatch(token -> token.tag().matches("VERB|AUX|PRON|DET|ADP"))
                    || tokens.size() == 1)
        .orElse(SpokenText.words(text) <= 2);
  }

  private String lowered(String text) {
    if (text.length() > 1 && Character.isUpperCase(text.charAt(1))) {
      return text;
    }
    return text.substring(0, 1).toLowerCase(language.locale()) + text.substring(1);
  }

  /** The description, or a line of it, that is no sentence but names the thing. */
  private @Nullable Phrase phrase() {
    List<SourceBlock> blocks = record.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      SourceBlock block = blocks.get(i);
      if (block.kind() == BlockKind.PARAGRAPH) {
        Phrase found = phrase(block.text(), i);
        if (found != null) {
          return found;
        }
      }
    }
    return phrase(Objects.requireNonNullElse(record.description(), ""), -1);
  }

  private @Nullable Phrase phrase(String written, int block) {
    String text = written.strip().replaceAll("[.!]+$", "");
    int words = SpokenText.words(text);
    if (words < 2
        || words > 10
        || text.matches(".*[.!?:;]\\s.*")
        || spoken.speakable(SpokenText.finished(text)) == null
        || hasFiniteVerb(text)) {
      return null;
    }
    String lower = lowered(text);
    if (language.atStart("listing.determiners").matcher(lower).find()) {
      return new Phrase(lower, true, block);
    }
    String head = head(lower);
    boolean countable =
        language.list("listing.countable").contains(head.toLowerCase(language.locale()));
    String article =
        countable
            ? template("aeiou".indexOf(lower.charAt(0)) >= 0 ? "article.vowel" : "article")
            : "";
    return article.isEmpty()
        ? new Phrase(lower, false, block)
        : new Phrase(article.replace("{x}", lower), true, block);
  }

  private boolean hasFiniteVerb(String text) {
    return language
        .tagger()
        .map(tagger -> tagger.tag(text))
        .map(tokens -> tokens.stream().anyMatch(Tagger.Token::isVerb))
        .orElse(SpokenText.words(text) > 7);
  }

  /** The last noun before the first preposition. */
  private String head(String phrase) {
    return language
        .tagger()
        .map(
            tagger -> {
              String head = "";
              for (Tagger.Token token : tagger.tag(phrase)) {
                if (token.tag().equals("ADP") || token.text().equals(",")) {
                  break;
                }
                if (token.isNoun()) {
                  head = token.text();
                }
              }
              return head;
            })
        .orElse("");
  }

  /** The description's sentences in order, as far as they are speakable one after the other. */
  private List<Sentence> description() {
    List<Sentence> sentences = new ArrayList<>();
    List<SourceBlock> blocks = record.blocks();
    for (int i = 0; i < blocks.size() && sentences.size() < MAX_DESCRIPTION; i++) {
      SourceBlock block = blocks.get(i);
      if (block.kind() == BlockKind.PARAGRAPH) {
        describe(block.text(), i, sentences);
      } else if (block.kind() == BlockKind.LIST) {
        for (String item : block.items()) {
          describe(item, i, sentences);
        }
      }
    }
    if (sentences.isEmpty()) {
      describe(Objects.requireNonNullElse(record.description(), ""), -1, sentences);
    }
    return List.copyOf(sentences.subList(0, Math.min(sentences.size(), MAX_DESCRIPTION)));
  }

  private void describe(String text, int block, List<Sentence> sentences) {
    boolean gap = false;
    for (String written : language.sentences(text)) {
      String speakable = spoken.speakable(written);
      if (speakable == null || !hasFiniteVerb(speakable)) {
        gap = true;
        continue;
      }
      // "It" is the thing on offer; anything else that leans needs its sentence before.
      boolean aboutIt = language.atStart("listing.it").matcher(speakable).find();
      if (gap && !aboutIt && source.leans(speakable)) {
        continue;
      }
      for (String piece : spoken.pieces(speakable)) {
        sentences.add(new Sentence(piece, block));
      }
      gap = false;
    }
  }

  private String phraseOnScreen() {
    if (phrase == null) {
      return "";
    }
    String text =
        phrase.block() < 0
            ? Objects.requireNonNullElse(record.description(), "")
            : record.blocks().get(phrase.block()).text();
    return onScreen.fitted(text.strip().replaceAll("[.!]+$", ""));
  }

  private String price(@Nullable Listing listing) {
    if (listing == null || listing.price() == null) {
      return "";
    }
    BigDecimal amount;
    try {
      amount = new BigDecimal(listing.price().strip());
    } catch (NumberFormatException e) {
      return "";
    }
    String code = Objects.requireNonNullElse(listing.currency(), "").strip();
    ULocale locale = ULocale.forLanguageTag(language.language());
    boolean whole = amount.stripTrailingZeros().scale() <= 0;
    if (!code.matches("[A-Za-z]{3}")) {
      NumberFormat plain = NumberFormat.getInstance(locale);
      return amount.signum() <= 0 ? "" : plain.format(amount);
    }
    NumberFormat format = NumberFormat.getCurrencyInstance(usual(locale, code));
    format.setCurrency(Currency.getInstance(code.toUpperCase(Locale.ROOT)));
    if (whole) {
      format.setMinimumFractionDigits(0);
      format.setMaximumFractionDigits(0);
    }
    return amount.signum() <= 0 ? "" : format.format(amount).replaceAll("[\\s\\p{Z}]", " ");
  }

  /** US dollars are written with the bare sign in English, whatever the country. */
  private static ULocale usual(ULocale locale, String code) {
    return locale.getLanguage().equals("en") && code.equalsIgnoreCase("USD") ? ULocale.US : locale;
  }
}
