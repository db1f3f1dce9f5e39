package dev.reelbeam.model.content;

import dev.reelbeam.model.video.VideoType;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a record.
 *
 * @param type wanted length class; null: inferred from the presets
 * @param presets ids of the target presets, in the order asked for
 * @param priority {@code normal}, {@code high} or {@code low}
 * @param videoEnabled whether videos are wanted at all
 */
public record ProjectRequest(
    @Nullable VideoType type,
    List<String> presets,
    VideoSettings settings,
    ReviewPolicy review,
    String priority,
    boolean videoEnabled)
    implements Serializable {}
