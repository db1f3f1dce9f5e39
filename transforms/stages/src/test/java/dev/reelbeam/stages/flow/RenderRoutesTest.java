package dev.reelbeam.stages.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenderRoutesTest {
  private static final RenderRoutes ROUTES =
      RenderRoutes.parse("preview=cpu-render:libx264, tiktok=cpu-render:libx264, low=night");

  @Test
  void aPresetHasItsPoolAndAPriorityGoesBeforeIt() {
    assertThat(pool(List.of("preview"), "normal")).contains("cpu-render");
    assertThat(pool(List.of("preview"), "low")).contains("night");
    assertThat(pool(List.of("landscape"), "low")).contains("night");
    assertThat(pool(List.of("landscape"), "normal")).isEmpty();
    assertThat(ROUTES.pools()).isEqualTo(Map.of("cpu-render", "libx264", "night", ""));
  }

  @Test
  void aVariantThatSeveralPresetsShareGoesElsewhereOnlyIfAllOfThemDo() {
    assertThat(pool(List.of("tiktok", "instagram_reel"), "normal")).isEmpty();
    assertThat(pool(List.of("tiktok", "preview"), "normal")).contains("cpu-render");
  }

  @Test
  void nothingIsRoutedWhereNothingIsSaid() {
    assertThat(RenderRoutes.parse(" ")).isEqualTo(RenderRoutes.NONE);
    assertThat(RenderRoutes.NONE.of(List.of("preview"), "low")).isEmpty();
  }

  @Test
  void aMistakeIsNamed() {
    assertMistake("preview", "'preview' is not preset=pool");
    assertMistake("preview=CPU", "'preview=CPU' is not preset=pool");
    assertMistake("preview=a:libx264:b", "is not preset=pool");
    assertMistake("prevue=cpu", "'prevue' is neither a preset nor one of [high, normal, low]");
    assertMistake("low=cpu:libx265", "'libx265' is not one of");
    assertMistake("low=libx264", "'libx264' is no name of a pool");
    assertMistake("low=null", "'null' is no name of a pool");
    assertMistake("low=a,low=b", "'low' has two pools");
    assertMistake("low=a,preview=a:libx264", "the pool 'a' has two encoders");
  }

  private static Optional<String> pool(List<String> presets, String priority) {
    return ROUTES.of(presets, priority).map(RenderRoutes.Route::pool);
  }

  private static void assertMistake(String text, String message) {
    assertThatThrownBy(() -> RenderRoutes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
