package dev.reelbeam.clients.engagement;

import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AccessTokens;
import java.util.Map;

/**
 * Tokens that settings name as {@code env:NAME} or {@code file:PATH}. A file is read at each use,
 * so whoever renews tokens writes the new one there and nobody has to be started again.
 */
public final class AccountTokens implements AccessTokens {
  private final Map<String, String> references;
  private final Map<String, String> environment;

  /**
   * Tokens by {@code platform/account}.
   *
   * @param environment usually {@code System.getenv()}
   */
  public AccountTokens(Map<String, String> references, Map<String, String> environment) {
    this.references = Map.copyOf(references);
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String token(String platform, String account) throws StageException {
    String reference = references.get(platform + "/" + account);
    if (reference == null) {
      throw new StageException(
          FailureCode.TOKEN_EXPIRED, "the settings name no token of " + platform + " " + account);
    }
    return Secret.resolve(reference, environment).reveal();
  }

  @Override
  public String renewed(String platform, String account, String refused) throws StageException {
    return token(platform, account);
  }
}
