package dev.reelbeam.clients.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/a.jpg",
        "http://127.1/a.jpg",
        "http://2130706433/a.jpg",
        "http://0x7f000001/a.jpg",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[64:ff9b:1:a00:1:0:808:808]/",
        "http://[2002:7f00:1::]/",
        "http://localhost/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://example.com:22/",
        "http://user:word@example.com/",
        "file:///etc/passwd",
        "ftp://example.com/a.jpg",
        "gopher://example.com/"
      })
  void whatLeadsInsideIsRefused(String url) {
    assertThatThrownBy(() -> SafeAddresses.check(url))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.ADDRESS_FORBIDDEN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/a.jpg",
        "http://example.com:8080/a",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://münchen.example/"
      })
  void whatLeadsOutsideIsAllowed(String url) throws StageException {
    assertThat(SafeAddresses.check(url).host()).isNotEmpty();
  }

  @Test
  void aNameThatResolvesInsideIsRefusedEvenAmongOthers() throws Exception {
    InetAddress inside = InetAddress.getByAddress("x", new byte[] {10, 0, 0, 1});
    InetAddress outside = InetAddress.getByAddress("x", new byte[] {8, 8, 8, 8});

    assertThat(new SafeAddresses(host -> List.of(outside)).lookup("rebinding.example"))
        .containsExactly(outside);
    assertThatThrownBy(
            () -> new SafeAddresses(host -> List.of(outside, inside)).lookup("rebinding.example"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("private network");
  }
}
