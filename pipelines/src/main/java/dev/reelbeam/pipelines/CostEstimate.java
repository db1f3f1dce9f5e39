package dev.reelbeam.pipelines;

import dev.reelbeam.clients.moderation.ModerationSettings;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.Credits;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.pipelines.report.Estimate;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What videos will cost by the rate card before they are made, by stage: nothing is found, the
 * first provider of each port serves, and every scene that may want a picture of a provider gets
 * one. Two figures: what is usual, and what it comes to where every draft has to be mended, spoken
 * anew and at another pace, and every visual made in every way that is tried. Who stands in for a
 * provider is in neither, nor what is billed for an answer that was lost on its way and asked for
 * once more.
 */
final class CostEstimate {
  private static final int MS_PER_WORD = 400;
  private static final int CHARACTERS_PER_WORD = 6;

  /** A scene is seen about so long. */
  private static final int SCENE_MS = 6_000;

  /** There are no more scenes than one for every so much speech. */
  private static final int SHORTEST_SCENE_MS = 3_000;

  /** Title, description and tags for some platforms. */
  private static final int TEXTS_CHARACTERS = 1_500;

  /** And a shot of it so long. */
  private static final int SHOT_MS = 3_500;

  private static final int SHORTEST_SHOT_MS = 1_500;

  /** Offers of a provider that are looked at for one scene, the last of which is shown. */
  private static final int MOST_OFFERS = 3;

  /** The fixed part of the prompt, and the fields beside the narration. */
  private static final int PROMPT_TOKENS = 1_200;

  private static final int TOKENS_PER_WORD = 2;
  private static final int ANSWER_TOKENS = 1_200;

  /** The longest answer that a model is given room for. */
  private static final int MOST_TOKENS_PER_WORD = 3;

  private static final int MOST_ANSWER_TOKENS = 2_500;

  /** A script is drafted about twice until its length fits, and three times at most. */
  private static final int DRAFTS = 2;

  private static final int MOST_DRAFTS = 3;

  /** An answer that cannot be used is asked for once more, with twice the room. */
  private static final int ANSWERS = 2;

  /** Drafts share sentences, which are spoken once. */
  private static final int SPOKEN_PERCENT = 130;

  /** Every draft in other words, and the last one once more at another speed. */
  private static final int MOST_SPOKEN = 4;

  /** Of a vertical video in standard quality. */
  private static final int BYTES_PER_SECOND = 500_000;

  private final ProviderSettings settings;
  private final Map<String, Sum> stages = new LinkedHashMap<>();
  private final Map<String, List<Estimate>> videos = new HashMap<>();

  /** Videos that come to more credits than is expected of one. */
  private int dear;

  CostEstimate(ProviderSettings settings) {
    this.settings = settings;
  }

  /** Adds one video of a record. */
  void add(ContentRecord record, int sourceWords, long durationMs, List<String> presets) {
    long words = durationMs / MS_PER_WORD;
    Map<String, Estimate.Line> lines = new HashMap<>();
    lines.put(
        "video_script",
        add(
            CostItem.SCRIPT.id(),
            Credits.SCRIPT,
            script(sourceWords, DRAFTS, ANSWER_TOKENS + TOKENS_PER_WORD * words),
            script(
                sourceWords,
                MOST_DRAFTS * ANSWERS,
                // The second answer has twice the room, so three halves on average.
                (MOST_ANSWER_TOKENS + MOST_TOKENS_PER_WORD * words) * 3 / 2)));
    List<Charge> speaking = speech(record, words, durationMs, SPOKEN_PERCENT);
    lines.put(
        "video_tts",
        add(
            CostItem.SPEECH.id(),
            Credits.voice(speaking, durationMs),
            speaking,
            speech(record, words, durationMs, 100 * MOST_SPOKEN)));
    visuals(record, durationMs, lines);
    moderation(record, sourceWords, words, durationMs, lines);
    lines.put("video_composition", add("composition", Credits.COMPOSITION));
    lines.put("video_thumbnail", add("thumbnail", Credits.THUMBNAIL));
    Estimate.Line unused = add("texts", (long) Credits.TEXTS * presets.size());
    // Each delivery has its own.
    lines.put("video_seo", new Estimate.Line(Credits.TEXTS, 0));
    Charge kept =
        new Charge("storage", "", Charge.Unit.BYTE_MONTH, BYTES_PER_SECOND * durationMs / 1000);
    if (settings.rates().knows(kept)) {
      lines.put("video_storage", add("storage", 0, List.of(kept), List.of(kept)));
    }
    long credits = lines.values().stream().mapToLong(Estimate.Line::credits).sum();
    if (credits > Credits.mostExpected(durationMs)) {
      dear++;
    }
    videos
        .computeIfAbsent(record.key().recordId(), id -> new ArrayList<>())
        .add(new Estimate(presets, lines));
  }

  private List<Charge> script(int sourceWords, int answers, long tokens) {
    if (settings.script().isEmpty() || settings.script().get(0).key().isEmpty()) {
      return List.of();
    }
    WriterSettings writer = settings.script().get(0);
    long prompt = PROMPT_TOKENS + (long) TOKENS_PER_WORD * sourceWords;
    return List.of(
        new Charge(writer.name(), writer.model(), Charge.Unit.INPUT_TOKEN, answers * prompt),
        new Charge(writer.name(), writer.model(), Charge.Unit.OUTPUT_TOKEN, answers * tokens));
  }

  /** Whom the record asks for speaks first, and nobody else where that is the embedded voice. */
  private Optional<SpeechSettings> voice(ContentRecord record) {
    String wanted = record.project().settings().voiceProvider();
    return SpeechSynthesizer.EMBEDDED.equals(wanted)
        ? Optional.empty()
        : settings.speech().stream()
            .filter(each -> each.name().equals(wanted))
            .findFirst()
            .or(() -> settings.speech().stream().findFirst());
  }

  private List<Charge> speech(ContentRecord record, long words, long durationMs, int percent) {
    SpeechSettings voice = voice(record).orElse(null);
    if (voice == null) {
      return List.of();
    }
    long characters = CHARACTERS_PER_WORD * words * percent / 100;
    long spokenMs = durationMs * percent / 100;
    List<Charge> charges = new ArrayList<>();
    if (!voice.key().isEmpty()) {
      charges.add(new Charge(voice.name(), voice.model(), Charge.Unit.CHARACTER, characters));
      charges.add(
          new Charge(voice.name(), voice.model(), Charge.Unit.SPOKEN_MILLISECOND, spokenMs));
    }
    SpeechSettings.Words timer = voice.words();
    if (timer != null && !timer.key().isEmpty()) {
      charges.add(new Charge(timer.name(), timer.model(), Charge.Unit.SECOND, spokenMs / 1000));
    }
    return List.copyOf(charges);
  }

  /**
   * Source and script with its texts for the platforms are looked at (the narration has the same
   * words), pictures of the record's own and of providers, and frames of the finished video.
   */
  private void moderation(
      ContentRecord record,
      int sourceWords,
      long words,
      long durationMs,
      Map<String, Estimate.Line> lines) {
    List<Charge> usual = new ArrayList<>();
    List<Charge> most = new ArrayList<>();
    // What is seen is told in about as many words as what is heard.
    long characters = CHARACTERS_PER_WORD * (sourceWords + 2 * words) + TEXTS_CHARACTERS;
    long bought = Arrays.stream(scenes(record, durationMs)).sum();
    for (ModerationSettings.Provider provider : settings.moderation().providers()) {
      boolean looks = provider.frames() > 0;
      long frames = Math.min(provider.frames(), 1 + durationMs / SHOT_MS);
      long own = looks ? Math.min(record.images().size(), 1 + durationMs / SHORTEST_SHOT_MS) : 0;
      long early = Math.min(provider.frames(), record.images().size());
      amount(provider, characters, frames + Math.max(own, early) + (looks ? bought : 0), usual);
      amount(
          provider,
          2 * characters,
          provider.frames() + own + early + (looks ? bought * MOST_OFFERS : 0),
          most);
    }
    if (!usual.isEmpty()) {
      lines.put("video_moderation", add(CostItem.MODERATION.id(), 0, usual, most));
    }
  }

  private void amount(
      ModerationSettings.Provider provider, long characters, long pictures, List<Charge> all) {
    ModerationSettings.amount(provider, characters, pictures).stream()
        .filter(settings.rates()::knows)
        .forEach(all::add);
  }

  /**
   * Each scene by the first provider that serves so many: a presenter the first, who illustrates
   * the others.
   */
  private int[] scenes(ContentRecord record, long durationMs) {
    boolean own =
        (record.kind() == ContentKind.LISTING || record.kind() == ContentKind.CLIP)
            && !record.images().isEmpty();
    List<VisualSettings> finders = settings.visuals();
    if (finders.isEmpty() || own) {
      return new int[0];
    }
    int[] scenes = new int[finders.size()];
    long scenesAtMost = 1 + durationMs / SHORTEST_SCENE_MS;
    for (int scene = 0; scene < scenesAtMost; scene++) {
      int served = scene;
      IntStream.range(0, scenes.length)
          .filter(each -> served < finders.get(each).scenes())
          .findFirst()
          .ifPresent(each -> scenes[each]++);
    }
    return scenes;
  }

  private void visuals(ContentRecord record, long durationMs, Map<String, Estimate.Line> lines) {
    List<VisualSettings> finders = settings.visuals();
    int[] scenes = scenes(record, durationMs);
    if (scenes.length == 0) {
      return;
    }
    List<Charge> charges = new ArrayList<>();
    List<Charge> most = new ArrayList<>();
    int generated = 0;
    for (int i = 0; i < scenes.length; i++) {
      VisualSettings finder = finders.get(i);
      if (scenes[i] > 0) {
        charges.addAll(finder.estimate(scenes[i], SCENE_MS, settings.rates()));
        most.addAll(finder.atMost(scenes[i], SCENE_MS, settings.rates()));
        generated += finder.stock() ? 0 : scenes[i];
      }
    }
    lines.put(
        "video_visual", add(CostItem.VISUALS.id(), Credits.visuals(generated), charges, most));
  }

  private Estimate.Line add(String stage, long credits) {
    return add(stage, credits, List.of(), List.of());
  }

  private Estimate.Line add(String stage, long credits, List<Charge> usual, List<Charge> atMost) {
    Sum sum = stages.computeIfAbsent(stage, name -> new Sum());
    long microDollars = settings.rates().microDollars(usual);
    sum.credits += credits;
    sum.usual += microDollars;
    sum.atMost += settings.rates().microDollars(atMost);
    return new Estimate.Line(credits, microDollars);
  }

  /** Of all videos, in credits and micro-dollars. */
  private static final class Sum {
    private long credits;
    private long usual;
    private long atMost;
  }

  /** What the videos of a record were expected to cost. */
  List<Estimate> of(String recordId) {
    return videos.getOrDefault(recordId, List.of());
  }

  /** Credits and money by stage; empty if nothing was added. */
  String table() {
    if (stages.isEmpty()) {
      return "";
    }
    TextTable table =
        new TextTable(
            Column.left("STAGE"),
            Column.right("CREDITS"),
            Column.right("USD"),
            Column.right("AT MOST USD"));
    Sum all = new Sum();
    for (Map.Entry<String, Sum> stage : stages.entrySet()) {
      Sum sum = stage.getValue();
      table.row(
          stage.getKey(), String.valueOf(sum.credits), dollars(sum.usual), dollars(sum.atMost));
      all.credits += sum.credits;
      all.usual += sum.usual;
      all.atMost += sum.atMost;
    }
    table.row("together", String.valueOf(all.credits), dollars(all.usual), dollars(all.atMost));
    long budget = settings.budgets().run();
    return table
        + ratesOf()
        + (dear > 0 ? "videos of more credits than is expected: " + dear + "\n" : "")
        + (all.usual > budget
            ? "this is over the budget\n"
            : all.atMost > budget ? "this may come to more than the budget\n" : "");
  }

  private String ratesOf() {
    String date = settings.rates().date();
    return date.isEmpty() ? "" : "by the rate card of " + date + "\n";
  }

  /**
   * What a run bought beside what was expected, by stage; what was found cost nothing. Empty where
   * nobody sends a bill.
   */
  String against(Map<CostItem, List<Charge>> bought) {
    if (!settings.bills()) {
      return "";
    }
    TextTable table =
        new TextTable(
            Column.left("BOUGHT"),
            Column.right("ESTIMATED USD"),
            Column.right("SPENT USD"),
            Column.left("WHAT"));
    long estimated = 0;
    long spent = 0;
    for (CostItem item : CostItem.values()) {
      long before = stages.getOrDefault(item.id(), new Sum()).usual;
      List<Charge> charges =
          settings.rates().billed(Charge.merged(bought.getOrDefault(item, List.of())));
      long now = settings.rates().microDollars(charges);
      estimated += before;
      spent += now;
      if (stages.containsKey(item.id()) || !charges.isEmpty()) {
        table.row(item.id(), dollars(before), dollars(now), what(charges));
      }
    }
    table.row("together", dollars(estimated), dollars(spent), "");
    return table + ratesOf();
  }

  private String what(List<Charge> charges) {
    List<String> amounts = new ArrayList<>();
    for (Charge charge : charges) {
      amounts.add(
          charge.quantity()
              + " "
              + charge.unit().name().toLowerCase(Locale.ROOT)
              + " "
              + charge.provider()
              + (settings.rates().knows(charge) ? "" : " (no price)"));
    }
    return amounts.isEmpty() ? "nothing" : String.join(", ", amounts);
  }

  private static String dollars(long microDollars) {
    return String.format(Locale.ROOT, "%.4f", microDollars / 1e6);
  }
}
