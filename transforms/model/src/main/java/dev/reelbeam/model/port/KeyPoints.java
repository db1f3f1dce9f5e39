package dev.reelbeam.model.port;

import dev.reelbeam.model.content.ContentRecord;
import java.util.List;

/** What a source says that matters most; a writer who is told so need not find it out. */
public interface KeyPoints {
  /** Nobody knows. */
  KeyPoints NONE =
      new KeyPoints() {
        @Override
        public String identity() {
          return "";
        }

        @Override
        public List<KeyPoint> of(ContentRecord record, int most) {
          return List.of();
        }
      };

  /**
   * One of them.
   *
   * @param block index into the record's blocks
   * @param text its sentence, perhaps in a speakable form
   */
  record KeyPoint(int block, String text) {}

  /** Part of the key of what is written by them; empty if there are none. */
  String identity();

  /**
   * The points of a record, the most important one first, none of which says what another does.
   *
   * @param most how many at most
   */
  List<KeyPoint> of(ContentRecord record, int most);
}
