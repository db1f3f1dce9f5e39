package dev.reelbeam.stages.deliver;

import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.port.MediaAddresses;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.project.MadeVideo;
import dev.reelbeam.model.project.MadeVideo.Asset;
import dev.reelbeam.model.project.MadeVideo.AssetSource;
import dev.reelbeam.model.project.MadeVideo.AssetType;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.visuals.Storyboard;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says what a finished video was made of. */
final class MadeVideos {
  private MadeVideos() {}

  static MadeVideo of(
      CheckedVideo checked,
      Script script,
      Storyboard storyboard,
      List<Delivery> deliveries,
      ObjectStore store,
      @Nullable String mediaBaseUrl) {
    LaidOutVideo laidOut = checked.assembled().video();
    NarratedVideo narrated = laidOut.illustrated().narrated();
    Set<MediaRef> delivered = new LinkedHashSet<>();
    Map<String, String> addresses = new TreeMap<>();
    for (Delivery delivery : deliveries) {
      delivered.addAll(delivery.files().values());
      MediaRef video = delivery.files().get("video.mp4");
      String address = video == null ? null : address(delivery, video, store, mediaBaseUrl);
      if (address != null) {
        addresses.put(delivery.preset(), address);
      }
    }
    List<Asset> assets = assets(storyboard);
    for (Delivery delivery : deliveries.subList(0, Math.min(1, deliveries.size()))) {
      MediaRef captions = delivery.files().get("captions.srt");
      if (captions != null) {
        assets.add(
            new Asset(
                AssetType.SUBTITLE, AssetSource.RENDERED, captions, null, 0, null, null, null));
      }
    }
    List<ChapterMarker> chapters = storyboard.chapters();
    return new MadeVideo(
        checked.recordKey(),
        checked.epoch(),
        narrated.planned().variant().id(),
        script,
        chapters,
        List.copyOf(assets),
        List.of(narrated.script(), narrated.narration(), laidOut.timeline()),
        List.copyOf(delivered),
        addresses,
        Bookings.of(checked, deliveries, store));
  }

  private static @Nullable String address(
      Delivery delivery, MediaRef video, ObjectStore store, @Nullable String mediaBaseUrl) {
    String folder = delivery.key().recordId() + "/" + delivery.preset() + "/";
    String below = VideoObject.address(mediaBaseUrl, folder + "video.mp4");
    if (below != null) {
      return below;
    }
    return store instanceof MediaAddresses bucket
        ? bucket.unsigned(video).map(URI::toString).orElse(null)
        : null;
  }

  /** Every picture and clip once, where it is seen first. */
  private static List<Asset> assets(Storyboard storyboard) {
    List<Asset> assets = new ArrayList<>();
    Set<MediaRef> seen = new HashSet<>();
    for (Storyboard.Shot shot : storyboard.shots()) {
      add(shot.picture(), shot.section(), seen, assets);
      add(shot.inset(), shot.section(), seen, assets);
    }
    return assets;
  }

  private static void add(
      Storyboard.@Nullable Picture picture, int section, Set<MediaRef> seen, List<Asset> assets) {
    if (picture == null) {
      return;
    }
    Storyboard.Clip clip = picture.clip();
    Storyboard.Origin origin = picture.origin();
    MediaRef bytes = clip == null ? picture.bytes() : clip.bytes();
    if (!seen.add(bytes)) {
      return;
    }
    assets.add(
        new Asset(
            clip == null ? AssetType.IMAGE : AssetType.FOOTAGE,
            origin == null ? AssetSource.ARTICLE_IMAGE : AssetSource.of(origin.visual().source()),
            bytes,
            picture.url(),
            clip == null ? 0 : (int) (clip.lengthUs() / 1000),
            section,
            picture.license(),
            picture.credit()));
  }
}
