(function () {
  'use strict';

  function playerOf(element) {
    var variant = element.closest('.variant');
    return variant && variant.querySelector('video, audio');
  }

  /** Seconds that the waveform spans: the length of the video, also where only a sound is played. */
  function lengthOf(element) {
    return Number(element.closest('[data-duration]').dataset.duration);
  }

  document.addEventListener('click', function (event) {
    var seek = event.target.closest('[data-seek]');
    if (seek) {
      var player = playerOf(seek);
      if (player) {
        player.currentTime = Number(seek.dataset.seek);
        player.play();
      }
      return;
    }
    var wave = event.target.closest('.wave');
    if (wave) {
      var sound = playerOf(wave);
      var box = wave.getBoundingClientRect();
      if (sound) {
        sound.currentTime = ((event.clientX - box.left) / box.width) * lengthOf(wave);
      }
      return;
    }
    var copy = event.target.closest('[data-copy]');
    if (copy) {
      write(copy.dataset.copy).then(function () {
        copy.classList.add('done');
        setTimeout(function () {
          copy.classList.remove('done');
        }, 1500);
      });
    }
  });

  // The old way first: it works at once and in pages opened from the disk, in every browser.
  function write(text) {
    var area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.appendChild(area);
    area.select();
    var copied = document.execCommand('copy');
    area.remove();
    return copied ? Promise.resolve() : navigator.clipboard.writeText(text);
  }

  document.querySelectorAll('.variant').forEach(function (variant) {
    var player = variant.querySelector('video, audio');
    if (!player) {
      return;
    }
    var playhead = variant.querySelector('.playhead');
    var rows = Array.from(variant.querySelectorAll('[data-start]'));
    player.addEventListener('timeupdate', function () {
      var now = player.currentTime;
      if (playhead) {
        playhead.style.left = Math.min(100, (100 * now) / lengthOf(playhead)) + '%';
      }
      rows.forEach(function (row) {
        var current = now >= Number(row.dataset.start) && now < Number(row.dataset.end);
        row.classList.toggle('current', current);
      });
    });
    // Browsers load no caption file into a page that is opened from the disk: the table has them.
    var track = player.querySelector('track');
    if (track) {
      track.addEventListener('error', function () {
        var shown = track.track.mode === 'showing';
        var own = player.addTextTrack('captions', 'Captions', track.srclang);
        rows.forEach(function (row) {
          var text = row.querySelector('.cue').textContent;
          own.addCue(new VTTCue(Number(row.dataset.start), Number(row.dataset.end), plain(text)));
        });
        track.remove();
        own.mode = shown ? 'showing' : 'disabled';
      });
    }
  });

  function plain(text) {
    return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  }
})();
