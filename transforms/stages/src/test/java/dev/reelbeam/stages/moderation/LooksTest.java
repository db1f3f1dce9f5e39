package dev.reelbeam.stages.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.picture.PermilleBox;
import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.media.picture.PictureKind;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.moderation.Looks.Look;
import dev.reelbeam.stages.visuals.ShotKind;
import dev.reelbeam.stages.visuals.Storyboard;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a finished video is looked at. */
class LooksTest {
  /** A shot of two seconds for each name; a card where there is none. */
  private static Storyboard storyboard(String... names) {
    List<Storyboard.Shot> shots = new ArrayList<>();
    for (String name : names) {
      shots.add(shot(shots.size() * 2_000_000L, name));
    }
    return new Storyboard(shots, List.of(), List.of(), List.of(), null, names.length * 2_000);
  }

  private static Storyboard.Shot shot(long startUs, String name) {
    return new Storyboard.Shot(
        name.isEmpty() ? ShotKind.STATEMENT : ShotKind.PICTURE,
        startUs,
        0,
        // A card has the colours of a picture that is not seen.
        picture(name.isEmpty() ? "colours.png" : name),
        "",
        "",
        List.of(),
        List.of(),
        null,
        0,
        "");
  }

  private static Storyboard.Picture picture(String name) {
    return new Storyboard.Picture(
        0,
        name,
        new MediaRef("ab", 1, "image/png"),
        new PictureFacts(
            1200,
            900,
            PictureKind.PHOTO,
            false,
            0,
            500,
            500,
            PermilleBox.WHOLE,
            0,
            500,
            500,
            500,
            0,
            List.of("#336699"),
            "0123456789abcdef",
            List.of()),
        null,
        null,
        null);
  }

  @Test
  void everyPictureIsSeenInTheMiddleOfItsShotBeforeAnyIsSeenTwice() {
    Storyboard storyboard = storyboard("a.png", "", "a.png", "b.png", "", "c.png");

    assertThat(Looks.of(storyboard, 3))
        .containsExactly(
            new Look(1_000_000, "a.png"),
            new Look(7_000_000, "b.png"),
            new Look(11_000_000, "c.png"));
    assertThat(Looks.of(storyboard, 4)).contains(new Look(5_000_000, "a.png"));
    assertThat(Looks.of(storyboard, 20))
        .hasSize(6)
        .contains(new Look(3_000_000, ""), new Look(9_000_000, ""));
    assertThat(Looks.of(storyboard, 0)).isEmpty();
  }

  @Test
  void wherePicturesAreManyTheLooksAreSpreadOverThem() {
    String[] names = new String[40];
    for (int i = 0; i < names.length; i++) {
      names[i] = i + ".png";
    }

    List<Look> looks = Looks.of(storyboard(names), 4);

    assertThat(looks).extracting(Look::what).containsExactly("5.png", "15.png", "25.png", "35.png");
  }

  @Test
  void whatIsSeenSmallOverACardIsSeen() {
    Storyboard.Shot card = shot(0, "");
    Storyboard.Shot withInset =
        new Storyboard.Shot(
            card.kind(),
            0,
            0,
            card.picture(),
            "",
            "",
            List.of(),
            List.of(),
            null,
            0,
            "",
            picture("small.png"));
    Storyboard storyboard =
        new Storyboard(List.of(withInset), List.of(), List.of(), List.of(), null, 2_000);

    assertThat(Looks.of(storyboard, 4)).containsExactly(new Look(1_000_000, "small.png"));
  }
}
