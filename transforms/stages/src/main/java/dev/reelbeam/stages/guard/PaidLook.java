package dev.reelbeam.stages.guard;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.stages.flow.Cashier;
import java.util.List;

/** Asks a moderator, who is paid from the record's purse if the rate card has a price for it. */
public final class PaidLook {
  private final Cashier cashier;
  private final RateCard rates;

  public PaidLook(Cashier cashier, RateCard rates) {
    this.cashier = cashier;
    this.rates = rates;
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
    return cashier.payLoose(
        element,
        request.site().isEmpty() ? null : request.site(),
        CostItem.MODERATION,
        till ->
            till.buy(
                price.get(0).provider(), price, () -> member.review(request), unused -> price));
  }
}
