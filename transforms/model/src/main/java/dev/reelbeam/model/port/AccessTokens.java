package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.StageException;

/** Tokens that platforms gave for accounts. They go into a header and nowhere else. Thread-safe. */
public interface AccessTokens {
  /**
   * The token of an account.
   *
   * @throws StageException {@code TOKEN_EXPIRED} when there is none
   */
  String token(String platform, String account) throws StageException;

  /**
   * The token after the platform refused one; the same one if there is no newer.
   *
   * @throws StageException {@code TOKEN_EXPIRED} when there is none
   */
  String renewed(String platform, String account, String refused) throws StageException;
}
