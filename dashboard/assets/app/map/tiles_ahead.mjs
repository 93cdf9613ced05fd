/* Tiles that are asked for before the map shows them: of the view that it is about to take, and of the level below. */
export class TilesAhead {
  #map;
  #list = [];

  constructor(map) {
    this.#map = map;
  }

  /** [areaLevel, tile] each. */
  get list() {
    return this.#list;
  }

  /** Asks for the tiles of the view that fits an area; `choose` names the areaLevels for the zoom to come. */
  foresee(facts, choose) {
    const { view, ground, tiles } = this.#map;
    const { zoom, bounds } = view.foreseen(facts.bbox);
    const cover = ground.coverOf(bounds, zoom, { code: facts.code, facts });
    this.#list = choose(zoom).flatMap((areaLevel) => cover.map((tile) => [areaLevel, tile]));
    tiles.want(this.#list);
  }

  /** Asks for the level below the children, as it is seen from here: whoever goes down sees it in the next frame. */
  lookBelow() {
    const { scene, ground, tiles } = this.#map;
    const next = scene.areaLevels[1];
    const { bounds, zoom } = this.#map.frame('ground');
    const cover = next ? ground.coverOf(bounds, zoom) : [];
    this.#list = cover.map((tile) => [next, tile]);
    tiles.want([...ground.wanted, ...this.#list]);
  }
}
