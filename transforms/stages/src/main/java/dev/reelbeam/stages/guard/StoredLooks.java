package dev.reelbeam.stages.guard;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shows texts and pictures to moderators who call somebody, each once: what was said of it is
 * stored under its words or its bytes alone and found again, whatever it is called there, wherever
 * the video goes, and whoever brings it along. Who bills it, by the rate card, is paid from the
 * record's purse; the bill is kept with the record.
 */
public final class StoredLooks {
  private static final int TEXT_VERSION = 1;
  private static final int PICTURE_VERSION = 2;

  private final Artifacts artifacts;
  private final Cashier cashier;
  private final RateCard rates;

  public StoredLooks(Artifacts artifacts, Cashier cashier, RateCard rates) {
    this.artifacts = artifacts;
    this.cashier = cashier;
    this.rates = rates;
  }

  /** Draws a picture as moderators are shown it. */
  @FunctionalInterface
  public interface Jpeg {
    byte[] take() throws StageException;
  }

  /**
   * A picture to look at.
   *
   * @param where what it is, in words of an editor
   * @param sha256 of what is shown
   * @param jpeg only called when it has to be shown
   */
  public record Seen(String where, String sha256, Jpeg jpeg) {
    /** A picture of the store, a PNG or JPEG. */
    public static Seen of(ObjectStore store, String where, MediaRef picture) {
      return new Seen(where, picture.sha256(), () -> SmallPicture.of(store, picture));
    }
  }

  /**
   * What a moderator finds in the texts of a request, each at its place.
   *
   * @throws StageException {@code PROVIDER_*} if it could not be asked, {@code BUDGET_SPENT}
   */
  public List<Finding> texts(
      Stage stage, Tracked element, Moderator member, ModerationRequest request)
      throws StageException {
    Set<String> distinct =
        request.texts().stream()
            .map(ModerationRequest.Text::text)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (distinct.isEmpty()) {
      return List.of();
    }
    List<String> words = List.copyOf(distinct);
    StepKey all =
        StepKey.of("moderate-texts", TEXT_VERSION, member.identity(), request.language(), words);
    List<Finding> told =
        artifacts
            .record(
                stage,
                "moderation",
                all,
                ModerationReport.class,
                () -> oneByOne(element, member, request, words))
            .value()
            .findings();
    List<Finding> findings = new ArrayList<>();
    for (ModerationRequest.Text text : request.texts()) {
      String number = number(words.indexOf(text.text()));
      told.stream()
          .filter(finding -> finding.where().equals(number))
          .forEach(finding -> findings.add(at(text.where(), finding)));
    }
    return findings;
  }

  /** How a text is called while it is stored and asked about. */
  private static String number(int index) {
    return String.valueOf(index);
  }

  private static Finding at(String where, Finding finding) {
    return new Finding(
        finding.verdict(), finding.rule(), where, finding.excerpt(), finding.reason());
  }

  /** Texts that were looked at before are found, the others asked about together. */
  private ModerationReport oneByOne(
      Tracked element, Moderator member, ModerationRequest request, List<String> words)
      throws StageException {
    List<Finding> findings = new ArrayList<>();
    List<ModerationRequest.Text> open = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      Optional<MediaRef> there =
          artifacts.store().find(textKey(member, request.language(), words.get(i)));
      if (there.isPresent()) {
        for (Finding finding : artifacts.read(there.get(), ModerationReport.class).findings()) {
          findings.add(at(number(i), finding));
        }
      } else {
        open.add(new ModerationRequest.Text(number(i), words.get(i)));
      }
    }
    if (!open.isEmpty()) {
      List<Finding> said =
          ask(
                  element,
                  member,
                  new ModerationRequest(
                      request.language(),
                      request.site(),
                      List.of(),
                      /* finished= */ false,
                      open,
                      List.of()))
              .findings();
      for (ModerationRequest.Text text : open) {
        List<Finding> its =
            said.stream().filter(finding -> finding.where().equals(text.where())).toList();
        findings.addAll(its);
        MediaRef unused =
            artifacts
                .store()
                .putIfAbsent(
                    textKey(member, request.language(), text.text()),
                    artifacts.putRecord(
                        new ModerationReport(
                            its.stream().map(finding -> at("", finding)).toList())));
      }
    }
    return new ModerationReport(findings);
  }

  private static StepKey textKey(Moderator member, String language, String words) {
    return StepKey.of("moderate-text", TEXT_VERSION, member.identity(), language, words);
  }

  /**
   * What a moderator finds in a picture.
   *
   * @param request whose site and language it is looked at for
   * @throws StageException {@code PROVIDER_*} if it could not be asked, {@code BUDGET_SPENT}
   */
  public List<Finding> picture(
      Stage stage, Tracked element, Moderator member, ModerationRequest request, Seen seen)
      throws StageException {
    StepKey key = StepKey.of("moderate-picture", PICTURE_VERSION, member.identity(), seen.sha256());
    return artifacts
        .record(
            stage,
            "moderation",
            key,
            ModerationReport.class,
            () ->
                ask(
                    element,
                    member,
                    new ModerationRequest(
                        request.language(),
                        request.site(),
                        List.of(),
                        /* finished= */ false,
                        List.of(),
                        List.of(new ModerationRequest.Picture("picture", seen.jpeg().take())))))
        .value()
        .findings()
        .stream()
        .map(finding -> at(seen.where(), finding))
        .toList();
  }

  private ModerationReport ask(Tracked element, Moderator member, ModerationRequest request)
      throws StageException {
    List<Charge> price = member.price(request).stream().filter(rates::knows).toList();
    if (price.isEmpty()) {
      return member.review(request);
    }
    return cashier.payLoose(
        element,
        request.site().isEmpty() ? null : request.site(),
        CostItem.MODERATION,
        till ->
            till.buy(
                price.get(0).provider(), price, () -> member.review(request), unused -> price));
  }
}
