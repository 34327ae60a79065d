"""Every sentence about areas that a person draws: key -> (Indonesian, English)."""

AREA: dict[str, tuple[str, str]] = {
    "area.title": ("Gambar wilayah", "Draw an area"),
    "area.hint": (
        "Gambar wilayah sendiri dan lihat angkanya: perkiraan kejadian, kejadian tercatat, jam "
        "patroli, pos, dan sektor di dalamnya.",
        "Draw your own area and see its numbers: expected events, events on record, patrol hours, "
        "posts and sectors inside.",
    ),
    "area.way": ("Cara", "How"),
    "area.way_sketch": ("Gambar", "Draw"),
    "area.way_cells": ("Klik sel", "Click cells"),
    "area.way_paste": ("Tempel", "Paste"),
    "area.cells_on": (
        "Klik sel di peta untuk memasukkannya; klik sekali lagi untuk mengeluarkannya. Selama "
        "pilihan ini menyala, klik tidak membuka rincian.",
        "Click a cell on the map to add it; click it again to take it out. While this is on, a "
        "click opens no details.",
    ),
    "area.paste": (
        "GeoJSON atau WKT, derajat WGS 84, bujur dulu baru lintang",
        "GeoJSON or WKT, degrees of WGS 84, longitude before latitude",
    ),
    "area.paste_example": (
        "POLYGON((110.1 0.8, 110.4 0.8, 110.4 1.0, 110.1 1.0, 110.1 0.8))",
        "POLYGON((110.1 0.8, 110.4 0.8, 110.4 1.0, 110.1 1.0, 110.1 0.8))",
    ),
    "area.take_paste": ("Pakai wilayah ini", "Use this area"),
    "area.clear": ("Hapus wilayah", "Clear the area"),
    "area.fault": ("Ini belum bisa dihitung", "This cannot be counted yet"),
    "area.result": ("Wilayah yang digambar", "The area you drew"),
    "area.expected_help": (
        "Jumlah dari sel yang titik tengahnya di dalam wilayah. Selangnya dihitung dengan aturan "
        "yang sama seperti untuk sektor.",
        "Sum over the cells whose middle lies inside. The interval follows the same rule as that "
        "of a sector.",
    ),
    "area.records": ("Kejadian tercatat, 52 pekan", "Events on record, 52 weeks"),
    "area.records_year": (
        "Kejadian tercatat {year}, semua jenis",
        "Events on record {year}, all kinds",
    ),
    "area.records_hidden": (
        "sebagian disamarkan karena jumlahnya kecil atau belum terbit",
        "part is hidden because the count is small or not yet published",
    ),
    "area.records_help": (
        "Kejadian yang tempatnya kurang teliti dibagi ke beberapa sel. Yang disamarkan tidak "
        "dihitung nol.",
        "An event with a rough place is shared among several cells. What is hidden is not counted "
        "as zero.",
    ),
    "area.hours": ("Patroli, 12 pekan", "Patrols, 12 weeks"),
    "area.hours_unit": ("jam", "hours"),
    "area.unseen": ("{share} % luasnya belum terpantau", "{share}% of it not observed"),
    "area.hours_help": (
        "Jam patroli di dalam sel itu, dan bagian luas yang tidak dipatroli sama sekali.",
        "Hours of patrol inside these cells, and the share of the land without any.",
    ),
    "area.size": ("Luas yang dihitung", "Counted land"),
    "area.size_value": ("{km2} km², {cells} sel", "{km2} km², {cells} cells"),
    "area.drawn": ("digambar {km2} km²", "drawn {km2} km²"),
    "area.size_help": (
        "Yang dihitung selalu sel utuh, jadi luasnya sedikit berbeda dari gambarnya.",
        "Whole cells are counted, so the land differs a little from what was drawn.",
    ),
    "area.partly": (
        "Sebagian gambar ini di luar wilayah yang boleh Anda lihat; di sana tidak ada yang "
        "dihitung.",
        "Part of this lies outside the area that you may see; nothing is counted there.",
    ),
    "area.sectors": ("Sektor yang tersentuh ({n})", "Sectors touched ({n})"),
    "area.sector": (
        "{name}: {inside} dari {cells} selnya di dalam, seluruh sektor {risk} kejadian",
        "{name}: {inside} of its {cells} cells inside, whole sector {risk} events",
    ),
    "area.no_sectors": ("Tidak ada sektor prioritas di dalamnya.", "No priority sector inside."),
    "area.posts": ("Pos pamtas di dalam ({n})", "Border posts inside ({n})"),
    "area.post": ("{name} (letak ±{km} km)", "{name} (place ±{km} km)"),
    "area.no_posts": ("Tidak ada pos pamtas di dalamnya.", "No border post inside."),
    "area.geojson": ("Wilayah dan angkanya (GeoJSON)", "Area and its numbers (GeoJSON)"),
    "area.csv": ("Sel di dalamnya (CSV)", "Cells inside (CSV)"),
    "area.link": (
        "Alamat halaman ini membawa wilayahnya, jadi bisa dibagikan.",
        "The address of this page holds the area, so it can be shared.",
    ),
    "area.no_link": (
        "Garisnya terlalu panjang untuk alamat halaman; unduh GeoJSON untuk menyimpannya.",
        "The outline is too long for the address of the page; download the GeoJSON to keep it.",
    ),
    # what is wrong with what was given
    "told.drawn_nothing": (
        "belum ada yang ditempel",
        "nothing was pasted",
    ),
    "told.drawn_long": (
        "teksnya {n} huruf, paling banyak {most}",
        "the text has {n} signs, {most} at most",
    ),
    "told.drawn_unreadable": (
        "bukan GeoJSON dan bukan WKT: “{start}”",
        "neither GeoJSON nor WKT: “{start}”",
    ),
    "told.drawn_kind": (
        "wilayah berupa poligon, bukan {forms}",
        "an area is a polygon, not {forms}",
    ),
    "told.drawn_few": (
        "poligon {polygon} tidak punya tiga sudut yang berbeda",
        "polygon {polygon} has fewer than three different corners",
    ),
    "told.drawn_number": (
        "poligon {polygon}: setiap sudut terdiri atas dua angka, bujur dan lintang",
        "polygon {polygon}: every corner is two numbers, longitude and latitude",
    ),
    "told.drawn_corners": (
        "{n} sudut, paling banyak {most}; gambarlah lebih sederhana",
        "{n} corners, {most} at most; draw it simpler",
    ),
    "told.drawn_metres": (
        "koordinatnya harus derajat WGS 84, bukan {given}",
        "coordinates must be degrees of WGS 84, not {given}",
    ),
    "told.drawn_swapped": (
        "bujur dan lintang tertukar: bujur dulu, misalnya {lon} lalu {lat}",
        "longitude and latitude are swapped: longitude first, like {lon} then {lat}",
    ),
    "told.drawn_latitude": (
        "lintang terletak antara -90 dan 90, bukan {lat}",
        "a latitude lies between -90 and 90, not {lat}",
    ),
    "told.drawn_crossing": (
        "garis poligon {polygon} memotong dirinya sendiri dekat {lat}; {lon}",
        "the line of polygon {polygon} crosses itself near {lat}; {lon}",
    ),
    "told.drawn_hole": (
        "lubang poligon {polygon} di luar garisnya, dekat {lat}; {lon}",
        "a hole of polygon {polygon} lies outside its line, near {lat}; {lon}",
    ),
    "told.drawn_outside": (
        "tidak ada bagiannya di wilayah yang boleh Anda lihat",
        "none of it lies in the area that you may see",
    ),
    "told.drawn_small": (
        "tidak ada titik tengah sel di dalamnya; gambarlah lebih besar",
        "no cell has its middle inside; draw it larger",
    ),
}
