package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hook, intro, points and call to action of one article for one length. */
final class ArticleScript {
  private static final int INTRO_OPTIONS = 5;

  /** How much worse a later choice of intro or ending is; a better fit must be worth it. */
  private static final double OPTION_STEP = 0.4;

  /** How much more than needed must be there before sentences are set aside. */
  private static final double ROOM = 1.3;

  private final ContentRecord record;
  private final ScriptRequest request;
  private final String identity;
  private final LanguageProfile language;
  private final SourceText source;
  private final Selection.Pace pace;
  private final Selection selection;
  private final OnScreen onScreen;
  private final CallToAction action;

  ArticleScript(ContentRecord record, ScriptRequest request, String identity) {
    this.record = record;
    this.request = request;
    this.identity = identity;
    this.language = LanguageProfile.of(record.language());
    this.source = SourceText.of(record);
    this.pace = new Selection.Pace(request.msPerWord(), request.pauseMs());
    this.selection = new Selection(source.candidates(), pace);
    this.onScreen = new OnScreen(source);
    this.action = new CallToAction(source, request);
  }

  /** Sentences with the candidates that they use up. */
  private record Part(List<String> sentences, List<Candidate> used) {
    static final Part NONE = new Part(List.of(), List.of());
  }

  private record Draft(
      Hooks.Hook hook, Part intro, Part ending, Selection.Result points, double penalty) {}

  /** The script that comes closest to the target; shorter when the source has no more. */
  Script write() {
    Hooks hooks = new Hooks(source);
    Hooks.@Nullable Hook hook =
        request.hookStyle() == null ? null : hooks.best(request.hookStyle());
    if (hook == null) {
      hook = hooks.best();
    }
    if (hook == null) {
      return new Script(List.of(), record.language(), 1, identity);
    }
    Draft best = null;
    List<Part> intros = intros(hook);
    List<Part> endings = endings(hook);
    for (int i = 0; i < intros.size(); i++) {
      for (int e = 0; e < endings.size(); e++) {
        double step = OPTION_STEP * (i + e);
        if (best != null && step >= best.penalty()) {
          continue;
        }
        Draft draft = draft(hook, intros.get(i), endings.get(e), step);
        if (best == null || draft.penalty() < best.penalty()) {
          best = draft;
        }
      }
    }
    return best == null ? new Script(List.of(), record.language(), 1, identity) : script(best);
  }

  private Draft draft(Hooks.Hook hook, Part intro, Part ending, double step) {
    BitSet taken = new BitSet();
    List<Set<String>> said = new ArrayList<>();
    said.add(language.stems(hook.text()));
    if (hook.candidate() != null) {
      taken.set(hook.candidate().index());
    }
    for (Part part : List.of(intro, ending)) {
      for (Candidate used : part.used()) {
        taken.set(used.index());
        said.add(used.stems());
      }
    }
    BitSet before = beforeIntro(intro);
    int fixed =
        pace.cost(List.of(hook.text()))
            + pace.cost(intro.sentences())
            + pace.cost(ending.sentences());
    int budget = request.targetMs() - fixed;
    BitSet forward = (BitSet) taken.clone();
    forward.or(before);
    List<int[]> order = selection.order(forward, said);
    if (!before.isEmpty() && selection.longest(order) < budget * ROOM) {
      order = selection.order(taken, said);
    }
    Selection.Result points = selection.fit(order, budget, request.targetMs());
    return new Draft(hook, intro, ending, points, step + points.penalty());
  }

  /** The lead's sentences up to the intro: going back to them sounds odd. */
  private BitSet beforeIntro(Part intro) {
    BitSet before = new BitSet();
    if (!intro.used().isEmpty()) {
      before.set(0, intro.used().get(0).index());
    }
    return before;
  }

  /** Runs of the lead that last as long as the type wants; none for a teaser. */
  private List<Part> intros(Hooks.Hook hook) {
    if (request.type() == VideoType.TEASER) {
      return List.of(Part.NONE);
    }
    boolean brief = request.type() == VideoType.SHORT;
    int shortest = brief ? 3_000 : 10_000;
    int longest = brief ? 5_500 : 15_000;
    List<Candidate> all = source.candidates();
    int lead = all.isEmpty() ? 0 : all.get(0).section();
    record Option(Part part, double worth) {}
    List<Option> options = new ArrayList<>();
    for (Candidate start : all) {
      if (start.section() != lead || start.needsPrevious() || is(start, hook)) {
        continue;
      }
      if (SourceText.isQuestion(start.alone().get(start.alone().size() - 1))) {
        continue;
      }
      List<String> sentences = new ArrayList<>();
      List<Candidate> used = new ArrayList<>();
      double score = 0;
      for (int i = start.index(); i < all.size() && used.size() < 4; i++) {
        Candidate next = all.get(i);
        if (next.section() != lead
            || is(next, hook)
            || (i > start.index() && next.follows() != i - 1)) {
          break;
        }
        List<String> soFar = new ArrayList<>(sentences);
        sentences.addAll(i == start.index() ? next.alone() : next.running());
        used.add(next);
        score += next.score();
        double worth =
            score / used.size() - 0.05 * start.index() - misfit(sentences, shortest, longest);
        options.add(new Option(new Part(List.copyOf(sentences), List.copyOf(used)), worth));
        List<String> shorter = next.shorter();
        if (shorter != null) {
          soFar.addAll(shorter);
          options.add(
              new Option(
                  new Part(List.copyOf(soFar), List.copyOf(used)),
                  score / used.size()
                      - 0.1
                      - 0.05 * start.index()
                      - misfit(soFar, shortest, longest)));
        }
      }
    }
    List<Part> intros =
        new ArrayList<>(
            options.stream()
                .filter(o -> pace.cost(o.part().sentences()) <= longest * 1.6)
                .sorted(Comparator.comparingDouble(Option::worth).reversed())
                .limit(INTRO_OPTIONS)
                .map(Option::part)
                .toList());
    if (intros.isEmpty()) {
      intros.add(Part.NONE);
    }
    return intros;
  }

  private static boolean is(Candidate candidate, Hooks.Hook hook) {
    return hook.candidate() != null && hook.candidate().index() == candidate.index();
  }

  /** 0 inside the window, growing by one for each ninth of it that is missed. */
  private double misfit(List<String> sentences, int shortestMs, int longestMs) {
    int cost = pace.cost(sentences);
    int off = Math.max(0, Math.max(shortestMs - cost, cost - longestMs));
    return 9.0 * off / longestMs;
  }

  /** The call to action, with a last word of the article before it where the length wants one. */
  private List<Part> endings(Hooks.Hook hook) {
    List<Part> endings = new ArrayList<>();
    if (request.type() != VideoType.TEASER) {
      for (Candidate closing : closings(hook)) {
        List<String> sentences = new ArrayList<>(closing.alone());
        if (!action.brief().isEmpty()) {
          sentences.add(action.brief());
        }
        int cost = pace.cost(sentences);
        if (cost >= (action.brief().isEmpty() ? 2_000 : 4_500) && cost <= 11_000) {
          endings.add(new Part(sentences, List.of(closing)));
        }
      }
      if (endings.isEmpty()) {
        action.ample().forEach(text -> endings.add(new Part(List.of(text), List.of())));
      }
    }
    if (endings.isEmpty()) {
      String brief = action.brief();
      endings.add(brief.isEmpty() ? Part.NONE : new Part(List.of(brief), List.of()));
    }
    return endings;
  }

  /** Sentences of the last paragraphs that can stand at the very end, the best first. */
  private List<Candidate> closings(Hooks.Hook hook) {
    List<Candidate> all = source.candidates();
    if (all.isEmpty()) {
      return List.of();
    }
    int lastSection = all.get(all.size() - 1).section();
    int lastBlock = all.get(all.size() - 1).block();
    boolean conclusion = source.sections().get(lastSection).closing();
    return all.stream()
        .filter(c -> c.section() == lastSection && (conclusion || c.block() == lastBlock))
        .filter(c -> lastSection > 0)
        .filter(c -> !c.needsPrevious() && c.alone().size() == 1 && !is(c, hook))
        .filter(c -> Candidate.words(c.alone()) <= 16)
        .sorted(Selection.byScore())
        .limit(2)
        .toList();
  }

  private Script script(Draft draft) {
    List<ScriptSection> sections = new ArrayList<>();
    Hooks.Hook hook = draft.hook();
    sections.add(
        section(
            SectionRole.HOOK,
            List.of(
                new Sentence(
                    hook.text(), hook.candidate() == null ? -1 : hook.candidate().block())),
            onScreen.hookCue(),
            onScreen.hookOverlay(hook.text()),
            ""));
    if (!draft.intro().sentences().isEmpty()) {
      sections.add(
          section(
              SectionRole.INTRO,
              sentences(draft.intro()),
              onScreen.cue(String.join(" ", draft.intro().sentences()), 0),
              "",
              ""));
    }
    String shown = "";
    for (Selection.Point point : draft.points().points()) {
      List<Sentence> sentences = new ArrayList<>();
      for (Selection.Spoken spoken : point.spoken()) {
        for (String text : spoken.sentences()) {
          sentences.add(new Sentence(text, spoken.candidate().block()));
        }
      }
      Candidate first = point.spoken().get(0).candidate();
      String heading = source.sections().get(first.section()).heading();
      List<String> texts = sentences.stream().map(Sentence::text).toList();
      String overlay = onScreen.pointOverlay(texts, heading, shown);
      shown = overlay.isEmpty() ? shown : overlay;
      sections.add(
          section(
                  SectionRole.POINT,
                  sentences,
                  onScreen.cue(String.join(" ", texts), first.block()),
                  overlay,
                  heading)
              .withScenes(new ScenePlan(source, onScreen, pace).of(sentences)));
    }
    if (!draft.ending().sentences().isEmpty()) {
      sections.add(
          section(
              SectionRole.CTA,
              sentences(draft.ending()),
              onScreen.endCue(),
              onScreen.fitted(action.overlay()),
              ""));
    }
    return new Script(
        List.copyOf(sections), record.language(), 1, identity, Map.of(), hook.style());
  }

  /** Sentences of a part; those behind the candidates' own have no source. */
  private static List<Sentence> sentences(Part part) {
    List<Sentence> sentences = new ArrayList<>();
    int at = 0;
    for (Candidate used : part.used()) {
      int until = Math.min(part.sentences().size(), at + used.running().size());
      for (; at < until; at++) {
        sentences.add(new Sentence(part.sentences().get(at), used.block()));
      }
    }
    for (; at < part.sentences().size(); at++) {
      sentences.add(new Sentence(part.sentences().get(at), -1));
    }
    return List.copyOf(sentences);
  }

  private ScriptSection section(
      SectionRole role, List<Sentence> sentences, String cue, String overlay, String heading) {
    int cost = pace.cost(sentences.stream().map(Sentence::text).toList());
    return new ScriptSection(role, List.copyOf(sentences), cue, overlay, heading, cost);
  }
}
