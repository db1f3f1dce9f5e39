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
import dev.reelbeam.pipelines.report.Estimate;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What videos will cost by the rate card before they are made, by stage: nothing is found, the
 * first provider of each port serves, and every scene that may want a picture of a provider gets
 * one.
 */
final class CostEstimate {
  private static final int MS_PER_WORD = 400;
  private static final int CHARACTERS_PER_WORD = 6;

  /** A scene is seen about so long. */
  private static final int SCENE_MS = 6_000;

  /** There are no more scenes than one for every so much speech. */
  private static final int SHORTEST_SCENE_MS = 3_000;

  /** And a shot of it so long. */
  private static final int SHOT_MS = 3_500;

  /** The fixed part of the prompt, and the fields beside the narration. */
  private static final int PROMPT_TOKENS = 1_200;

  private static final int TOKENS_PER_WORD = 2;
  private static final int ANSWER_TOKENS = 1_200;

  /** A script is drafted about twice until its length fits. */
  private static final int DRAFTS = 2;

  private final ProviderSettings settings;
  private final Map<String, long[]> stages = new LinkedHashMap<>();
  private final Map<String, List<Estimate>> videos = new HashMap<>();

  CostEstimate(ProviderSettings settings) {
    this.settings = settings;
  }

  /** Adds one video of a record. */
  void add(ContentRecord record, int sourceWords, long durationMs, List<String> presets) {
    long words = durationMs / MS_PER_WORD;
    Map<String, Estimate.Line> lines = new HashMap<>();
    lines.put(
        "video_script", add(CostItem.SCRIPT.id(), Credits.SCRIPT, script(sourceWords, words)));
    List<Charge> speaking = speech(words, durationMs);
    lines.put(
        "video_tts", add(CostItem.SPEECH.id(), Credits.voice(speaking, durationMs), speaking));
    visuals(record, durationMs, lines);
    moderation(sourceWords, words, durationMs);
    lines.put("video_composition", add("composition", Credits.COMPOSITION, List.of()));
    lines.put("video_thumbnail", add("thumbnail", Credits.THUMBNAIL, List.of()));
    Estimate.Line unused = add("texts", (long) Credits.TEXTS * presets.size(), List.of());
    // Each delivery has its own.
    lines.put("video_seo", new Estimate.Line(Credits.TEXTS, 0));
    videos
        .computeIfAbsent(record.key().recordId(), id -> new ArrayList<>())
        .add(new Estimate(presets, lines));
  }

  private List<Charge> script(int sourceWords, long words) {
    if (settings.script().isEmpty() || settings.script().get(0).key().isEmpty()) {
      return List.of();
    }
    WriterSettings writer = settings.script().get(0);
    long prompt = PROMPT_TOKENS + (long) TOKENS_PER_WORD * sourceWords;
    long answer = ANSWER_TOKENS + TOKENS_PER_WORD * words;
    return List.of(
        new Charge(writer.name(), writer.model(), Charge.Unit.INPUT_TOKEN, DRAFTS * prompt),
        new Charge(writer.name(), writer.model(), Charge.Unit.OUTPUT_TOKEN, DRAFTS * answer));
  }

  private List<Charge> speech(long words, long durationMs) {
    if (settings.speech().isEmpty() || settings.speech().get(0).key().isEmpty()) {
      return List.of();
    }
    SpeechSettings voice = settings.speech().get(0);
    Charge characters =
        new Charge(voice.name(), voice.model(), Charge.Unit.CHARACTER, CHARACTERS_PER_WORD * words);
    SpeechSettings.Words timer = voice.words();
    return timer == null || timer.key().isEmpty()
        ? List.of(characters)
        : List.of(
            characters,
            new Charge(voice.name(), timer.model(), Charge.Unit.SECOND, durationMs / 1000));
  }

  /** Source, script and narration are looked at, and frames of the finished video. */
  private void moderation(int sourceWords, long words, long durationMs) {
    List<Charge> looks = new ArrayList<>();
    long characters = CHARACTERS_PER_WORD * (sourceWords + 2 * words);
    for (ModerationSettings.Provider provider : settings.moderation().providers()) {
      long frames = Math.min(provider.frames(), 1 + durationMs / SHOT_MS);
      ModerationSettings.amount(provider, characters, frames).stream()
          .filter(settings.rates()::knows)
          .forEach(looks::add);
    }
    if (!looks.isEmpty()) {
      Estimate.Line unused = add(CostItem.MODERATION.id(), 0, looks);
    }
  }

  /**
   * Each scene by the first provider that serves so many: a presenter the first, who illustrates
   * the others.
   */
  private void visuals(ContentRecord record, long durationMs, Map<String, Estimate.Line> lines) {
    boolean own =
        (record.kind() == ContentKind.LISTING || record.kind() == ContentKind.CLIP)
            && !record.images().isEmpty();
    List<VisualSettings> finders = settings.visuals();
    if (finders.isEmpty() || own) {
      return;
    }
    int[] scenes = new int[finders.size()];
    long most = 1 + durationMs / SHORTEST_SCENE_MS;
    for (int scene = 0; scene < most; scene++) {
      int served = scene;
      IntStream.range(0, scenes.length)
          .filter(each -> served < finders.get(each).scenes())
          .findFirst()
          .ifPresent(each -> scenes[each]++);
    }
    List<Charge> charges = new ArrayList<>();
    int generated = 0;
    for (int i = 0; i < scenes.length; i++) {
      VisualSettings finder = finders.get(i);
      if (scenes[i] > 0) {
        charges.addAll(finder.estimate(scenes[i], SCENE_MS, settings.rates()));
        generated += finder.stock() ? 0 : scenes[i];
      }
    }
    lines.put("video_visual", add(CostItem.VISUALS.id(), Credits.visuals(generated), charges));
  }

  private Estimate.Line add(String stage, long credits, List<Charge> charges) {
    long[] sums = stages.computeIfAbsent(stage, name -> new long[2]);
    long microDollars = settings.rates().microDollars(charges);
    sums[0] += credits;
    sums[1] += microDollars;
    return new Estimate.Line(credits, microDollars);
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
        new TextTable(Column.left("STAGE"), Column.right("CREDITS"), Column.right("USD"));
    long credits = 0;
    long microDollars = 0;
    for (Map.Entry<String, long[]> stage : stages.entrySet()) {
      table.row(stage.getKey(), String.valueOf(stage.getValue()[0]), dollars(stage.getValue()[1]));
      credits += stage.getValue()[0];
      microDollars += stage.getValue()[1];
    }
    table.row("together, at most", String.valueOf(credits), dollars(microDollars));
    return table
        + ratesOf()
        + (microDollars > settings.budgets().run() ? "this is over the budget\n" : "");
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
      long before = stages.getOrDefault(item.id(), new long[2])[1];
      List<Charge> charges = Charge.merged(bought.getOrDefault(item, List.of()));
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
