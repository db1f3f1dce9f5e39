package dev.reelbeam.fakes;

import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.port.VideoCatalog;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Videos in memory. Thread-safe. */
public final class FakeVideoCatalog implements VideoCatalog {
  private final Map<String, VideoFacts> videos = new ConcurrentHashMap<>();

  public void add(VideoFacts facts) {
    videos.put(facts.videoKey(), facts);
  }

  @Override
  public Map<String, VideoFacts> find(Collection<String> videoKeys) {
    Map<String, VideoFacts> found = new HashMap<>();
    for (String key : videoKeys) {
      VideoFacts facts = videos.get(key);
      if (facts != null) {
        found.put(key, facts);
      }
    }
    return found;
  }

  @Override
  public void close() {
    // Shared by everybody who opened it.
  }
}
