package dev.reelbeam.stages.guard;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.stages.flow.Progress;
import java.util.List;

/** Asks a moderator, who is paid from the record's purse if the rate card has a price for it. */
public final class PaidLook {
  private final Spending spending;
  private final RateCard rates;
  private final Progress progress;

  public PaidLook(Spending spending, RateCard rates, Progress progress) {
    this.spending = spending;
    this.rates = rates;
    this.progress = progress;
  }

  /**
   * What the moderator says.
   *
   * @throws StageException {@code PROVIDER_*} if it could not be asked, {@code BUDGET_SPENT}
   */
  public ModerationReport ask(Tracked element, Moderator member, ModerationRequest request)
      throws StageException {
    List<Charge> price = member.price(request).stream().filter(rates::knows).toList();
    if (price.isEmpty()) {
      return member.review(request);
    }
    ModerationReport report =
        spending
            .purse(
                element.recordKey(),
                request.site().isEmpty() ? null : request.site(),
                CostItem.MODERATION)
            .buy(price.get(0).provider(), price, () -> member.review(request), unused -> price);
    progress.spent(element, CostItem.MODERATION, price);
    return report;
  }
}
