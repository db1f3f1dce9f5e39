package dev.reelbeam.model.port;

import dev.reelbeam.model.engagement.VideoFacts;
import java.util.Collection;
import java.util.Map;

/** What is known about published videos. Thread-safe. */
public interface VideoCatalog extends AutoCloseable {
  /**
   * The facts about these videos.
   *
   * @param videoKeys platform and id of each
   * @return by key; those that nobody knows are missing
   */
  Map<String, VideoFacts> find(Collection<String> videoKeys);

  @Override
  void close();
}
