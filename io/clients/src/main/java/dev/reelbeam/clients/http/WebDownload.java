package dev.reelbeam.clients.http;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Fetches files from addresses that a provider's answer names. Thread-safe.
 *
 * <p>Such an address is content: it may lead to the public internet only ({@link SafeAddresses}),
 * and so may every address that it is redirected to. The one exception is the provider's own
 * origin, because whoever wrote the settings chose it; a server in one's own network serves its
 * files there. No key goes along.
 *
 * <p>Another host that fails says nothing about the provider, whose calls go elsewhere: that file
 * alone is not to be had.
 */
public final class WebDownload {
  private static final int MAX_REDIRECTS = 5;
  private static final int FILES_PER_MINUTE = 600;

  /** Files that may be larger than this lie in memory twice while they come: so many at once. */
  private static final long LARGE_BYTES = 64_000_000;

  private static final int LARGE_AT_ONCE = 2;

  private final String provider;
  private final HttpUrl origin;
  private final Dns addresses;
  private final ProviderHttp trusted;
  private final ProviderHttp guarded;

  /** Downloads for a provider, as patiently as its calls and as many at once; of clips two. */
  public WebDownload(String provider, HttpUrl baseUrl, CallPolicy policy, long maxBytes) {
    this(provider, baseUrl, policy, maxBytes, new SafeAddresses());
  }

  WebDownload(String provider, HttpUrl baseUrl, CallPolicy policy, long maxBytes, Dns addresses) {
    this.provider = provider;
    this.origin = baseUrl;
    this.addresses = addresses;
    int atOnce =
        maxBytes > LARGE_BYTES ? Math.min(LARGE_AT_ONCE, policy.parallel()) : policy.parallel();
    CallPolicy files = policy.withRates(FILES_PER_MINUTE, atOnce).withMaxReplyBytes(maxBytes);
    this.trusted = http(files, Dns.SYSTEM, "own files");
    this.guarded = http(files, addresses, "files");
  }

  private ProviderHttp http(CallPolicy policy, Dns dns, String what) {
    return new ProviderHttp(
        provider,
        origin.toString(),
        Secret.none(),
        policy.ofKind(what),
        WebDownload::meaning,
        time -> Thread.sleep(time.toMillis()),
        dns,
        /* tellRedirects= */ true);
  }

  private static ErrorReader.Meaning meaning(int status, okhttp3.Headers headers, String body) {
    boolean passing = status == 408 || status == 429 || status >= 500;
    FailureCode code =
        status == 429
            ? FailureCode.PROVIDER_BUSY
            : status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_REPLY_INVALID;
    return new ErrorReader.Meaning(code, passing, "no file there");
  }

  /**
   * Fetches a file.
   *
   * @param type beginning of the media type that it has to have, for example {@code image/}
   * @throws StageException {@code ADDRESS_FORBIDDEN}, {@code PROVIDER_*}, {@code FILE_UNAVAILABLE}
   *     if another host than the provider's own does not give it
   */
  public byte[] fetch(String address, String type) throws StageException {
    String next = address;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpUrl url = HttpUrl.parse(next);
      boolean own = url != null && ofOrigin(url);
      HttpUrl checked = own ? url : SafeAddresses.check(next);
      if (!own) {
        checkBeforeProxy(checked);
      }
      Reply reply = reply(own, checked);
      if (reply.status() < 300) {
        return file(reply, type);
      }
      next = target(checked, reply.headers().get("Location"));
    }
    throw invalid("its file was redirected more than " + MAX_REDIRECTS + " times");
  }

  private Reply reply(boolean own, HttpUrl url) throws StageException {
    Request request = new Request.Builder().url(url).get().build();
    if (own) {
      return trusted.call(request, Repeatable.YES);
    }
    try {
      return guarded.call(request, Repeatable.YES);
    } catch (StageException e) {
      throw switch (e.code()) {
        case PROVIDER_UNREACHABLE, PROVIDER_TIMEOUT, PROVIDER_DOWN, PROVIDER_BUSY ->
            new StageException(
                FailureCode.FILE_UNAVAILABLE,
                provider + ": a file at " + url.host() + " cannot be had: " + e.getMessage(),
                e);
        default -> e;
      };
    }
  }

  /** Behind a proxy nothing is resolved here, and the connection could not be judged. */
  private void checkBeforeProxy(HttpUrl url) throws StageException {
    ProxySelector proxies = ProxySelector.getDefault();
    if (proxies == null
        || proxies.select(url.uri()).stream().allMatch(each -> each.type() == Proxy.Type.DIRECT)) {
      return;
    }
    try {
      List<InetAddress> unused = addresses.lookup(url.host());
    } catch (SafeAddresses.PrivateAddressException e) {
      throw new StageException(FailureCode.ADDRESS_FORBIDDEN, provider + ": " + e.getMessage(), e);
    } catch (UnknownHostException e) {
      // The proxy alone knows names: where it may go is for those to say who run it.
    }
  }

  private byte[] file(Reply reply, String type) throws StageException {
    String given = reply.contentType();
    // Some stores of files know no types; what it is, the bytes tell.
    if (!given.isEmpty() && !given.startsWith(type) && !given.endsWith("/octet-stream")) {
      throw invalid(ServerCalls.instead(reply) + " where " + type + "* was expected");
    }
    if (reply.body().length == 0) {
      throw invalid("it sent an empty file");
    }
    return reply.body();
  }

  private String target(HttpUrl from, @Nullable String location) throws StageException {
    HttpUrl to = location == null ? null : from.resolve(location);
    if (to == null) {
      throw invalid("its file was redirected to nowhere");
    }
    return to.toString();
  }

  private boolean ofOrigin(HttpUrl url) {
    return url.scheme().equals(origin.scheme())
        && url.host().equals(origin.host())
        && url.port() == origin.port()
        && url.username().isEmpty()
        && url.password().isEmpty();
  }

  private StageException invalid(String what) {
    return new StageException(FailureCode.PROVIDER_REPLY_INVALID, provider + ": " + what);
  }
}
