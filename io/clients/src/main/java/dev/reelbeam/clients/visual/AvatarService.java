package dev.reelbeam.clients.visual;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.visual.Shape;
import java.util.Optional;

/** What a provider of presenters is asked for; each speaks its own protocol. */
interface AvatarService {
  /** Whether lips can follow a WAV file of ours. */
  boolean takesAudio();

  /** Whether it makes clips of any shape; else it gives the shape of its portrait. */
  boolean shapes();

  /**
   * What is ordered.
   *
   * @param title by which it can be found again in a list
   * @param audio what {@link #upload} gave; empty where it speaks the text itself
   */
  record Order(String title, String text, String language, String audio, Shape shape) {}

  /**
   * How it gets on; one that failed is thrown.
   *
   * @param address of the clip; empty while it is made
   * @param seconds that are billed, 0 if it does not say
   */
  record State(String address, long seconds) {
    static final State UNDER_WAY = new State("", 0);
  }

  /** Sends audio; what an order names it by. */
  String upload(byte[] wav) throws StageException;

  /**
   * Orders a clip, which is paid for.
   *
   * @return its number
   * @throws StageException {@code PROVIDER_OUTCOME_UNKNOWN} if it was cut off, {@code PROVIDER_*}
   */
  String create(Order order) throws StageException;

  /**
   * The number of a clip with this title.
   *
   * @param pages of the list, the newest first, that are read at most; each is a call
   */
  Optional<String> find(String title, int pages) throws StageException;

  /**
   * Looks at a clip.
   *
   * @throws StageException {@code JOB_FAILED}, {@code PROVIDER_REFUSED} if it was declined, {@code
   *     PROVIDER_*}
   */
  State look(String id) throws StageException;

  /** Asks for something that costs nothing. */
  String probe() throws StageException;
}
