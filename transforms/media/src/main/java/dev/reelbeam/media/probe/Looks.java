package dev.reelbeam.media.probe;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What earlier inspections saw, by the hash of the bytes that they decoded: an inspection decodes
 * only what is not in here, and adds it. For one thread.
 */
public final class Looks {
  private final Map<String, GroupLook> groups = new HashMap<>();
  private final Map<String, HeardSound> sounds = new HashMap<>();
  private int groupsDecoded;

  /** Pictures that were decoded before. */
  public void add(GroupLook look) {
    groups.put(look.sha256(), look);
  }

  /** Sound that was decoded before. */
  public void add(HeardSound sound) {
    sounds.put(sound.sha256(), sound);
  }

  @Nullable GroupLook group(String sha256) {
    return groups.get(sha256);
  }

  /** A sound that is in here. */
  public @Nullable HeardSound sound(String sha256) {
    return sounds.get(sha256);
  }

  void decoded(GroupLook look) {
    groupsDecoded++;
    add(look);
  }

  /** The groups of pictures that are in here. */
  public Collection<GroupLook> groups() {
    return groups.values();
  }

  /** How many groups of pictures had to be decoded. */
  public int groupsDecoded() {
    return groupsDecoded;
  }

  /** The sounds that are in here. */
  public Collection<HeardSound> sounds() {
    return sounds.values();
  }
}
