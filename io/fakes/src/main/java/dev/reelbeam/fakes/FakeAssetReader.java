package dev.reelbeam.fakes;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AssetReader;
import java.util.HashMap;
import java.util.Map;

/** Assets in a map, by the address that the record writes. */
public final class FakeAssetReader implements AssetReader {
  private final Map<String, byte[]> assets = new HashMap<>();

  /** Adds an asset. */
  public FakeAssetReader with(String url, byte[] bytes) {
    assets.put(url, bytes.clone());
    return this;
  }

  @Override
  public byte[] read(String baseUri, String url, long maxBytes) throws StageException {
    byte[] bytes = assets.get(url);
    if (bytes == null) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, "'" + url + "' does not exist");
    }
    if (bytes.length > maxBytes) {
      throw new StageException(FailureCode.PICTURE_TOO_LARGE, "'" + url + "' is too large");
    }
    return bytes.clone();
  }
}
