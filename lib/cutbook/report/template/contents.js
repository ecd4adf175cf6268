(function () {
  "use strict";
  var links = Array.prototype.slice.call(document.querySelectorAll(".contents a"));
  var targets = links.map(function (link) {
    return document.getElementById(decodeURIComponent(link.hash.slice(1)));
  });
  var strip = document.querySelector(".strip");
  var current = null;
  function mark() {
    var line = strip.offsetHeight + 96, found = -1;
    targets.forEach(function (target, index) {
      if (target && target.getBoundingClientRect().top <= line) { found = index; }
    });
    var link = links[found] || null;
    if (link === current) { return; }
    if (current) { current.removeAttribute("aria-current"); }
    current = link;
    if (!link) { return; }
    link.setAttribute("aria-current", "true");
    var list = link.closest("nav"), top = link.offsetTop;
    if (top < list.scrollTop + 40 || top > list.scrollTop + list.clientHeight - 60) {
      list.scrollTop = top - list.clientHeight / 3;
    }
  }
  function fit() {
    document.querySelectorAll(".scroll").forEach(function (box) {
      box.classList.remove("fits", "wide");
      box.classList.add(box.scrollWidth > box.clientWidth + 1 ? "wide" : "fits");
    });
    mark();
  }
  var waiting = false;
  addEventListener("scroll", function () {
    if (waiting) { return; }
    waiting = true;
    requestAnimationFrame(function () { waiting = false; mark(); });
  }, { passive: true });
  function unfold() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  }
  addEventListener("resize", fit);
  addEventListener("hashchange", unfold);
  document.addEventListener("toggle", fit, true);
  unfold();
  fit();
})();
