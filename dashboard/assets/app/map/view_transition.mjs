/* From one view to the next: the new picture is there at once, and the old one moves to its place in it and fades away over it. */

const LENGTH_MS = 200;

export class ViewTransition {
  #leaflet;
  #picture;
  #stood;
  #corner;
  #zoom;

  /** Takes the old picture; the view changes between this and `play`. */
  constructor(leaflet, canvas) {
    this.#leaflet = leaflet;
    this.#picture = canvas.snapshot();
    const at = window.L.DomUtil.getPosition(canvas.getPane().querySelector('canvas'));
    this.#stood = leaflet.layerPointToContainerPoint(at);
    this.#corner = leaflet.layerPointToLatLng(at);
    this.#zoom = leaflet.getZoom();
  }

  play() {
    const from = this.#leaflet.containerPointToLayerPoint(this.#stood);
    const to = this.#leaflet.latLngToLayerPoint(this.#corner);
    const size = this.#leaflet.getZoomScale(this.#leaflet.getZoom(), this.#zoom);
    const picture = this.#picture;
    picture.className = 'map-fading';
    picture.style.transform = 'none';
    this.#leaflet.getPane('fading').append(picture);
    const place = ({ x, y }, scale) => `translate(${x}px, ${y}px) scale(${scale})`;
    const steps = [
      { transform: place(from, 1), opacity: 1 },
      { transform: place(to, size), opacity: 0 },
    ];
    const remove = () => picture.remove();
    picture.animate(steps, { duration: LENGTH_MS, easing: 'ease-out' }).finished.then(remove, remove);
  }
}
