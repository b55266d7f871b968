//! Files as they come and as an attacker makes them.

/// CRC-32 as ZIP and PNG want it.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

/// An archive of stored entries.
pub fn zip<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    zip_of(entries.into_iter().map(|(name, content)| (name, content.to_vec(), 0, content.len())))
}

/// An archive of entries as they are: name, packed bytes, method, claimed size.
pub fn zip_of<'a>(entries: impl IntoIterator<Item = (&'a str, Vec<u8>, u16, usize)>) -> Vec<u8> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    for (name, packed, method, size) in entries {
        let offset = out.len() as u32;
        let mut common = Vec::new();
        common.extend_from_slice(&20u16.to_le_bytes());
        common.extend_from_slice(&0u16.to_le_bytes());
        common.extend_from_slice(&method.to_le_bytes());
        common.extend_from_slice(&[0; 4]);
        let crc = if method == 0 { crc32(&packed) } else { 0 };
        common.extend_from_slice(&crc.to_le_bytes());
        common.extend_from_slice(&(packed.len() as u32).to_le_bytes());
        common.extend_from_slice(&(size as u32).to_le_bytes());
        common.extend_from_slice(&(name.len() as u16).to_le_bytes());
        common.extend_from_slice(&0u16.to_le_bytes());
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(&packed);
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&20u16.to_le_bytes());
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        count += 1;
    }
    let start = out.len() as u32;
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&0u16.to_le_bytes());
    out
}

/// A PDF whose catalogue has these entries besides.
pub fn pdf(entries: &str) -> Vec<u8> {
    format!(
        "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R {entries} >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )
    .into_bytes()
}

/// A PDF with a packed stream of objects. `before` stands between its dictionary's entries.
pub fn pdf_with_objects(before: &str, objects: &str) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(objects.as_bytes(), 6);
    let head = format!(
        "%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 {before} /Filter /FlateDecode /Length {} >>\nstream\n",
        packed.len()
    );
    [head.as_bytes(), &packed, b"\nendstream\nendobj\n%%EOF\n"].concat()
}

const TYPES: &[u8] = b"<?xml version=\"1.0\"?><Types xmlns=\"x\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";

/// A Word document with further parts, packed.
pub fn docx(more: &[(&str, &[u8])]) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", b"<Relationships><Relationship Id=\"r1\" Type=\"http://x/officeDocument\" Target=\"word/document.xml\"/></Relationships>"),
        ("word/document.xml", b"<w:document><w:body><w:p>\xd0\x9a\xd0\xb0\xd0\xb7\xd0\xb0\xd2\x9b</w:p></w:body></w:document>"),
    ];
    deflated(parts.into_iter().chain(more.iter().copied()))
}

/// An archive of deflated entries.
pub fn deflated<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let packed = entries.into_iter().map(|(name, content)| {
        let packed = miniz_oxide::deflate::compress_to_vec(content, 9);
        (name, packed, 8, content.len())
    });
    let mut archive = zip_of(packed.collect::<Vec<_>>());
    // The sums: of what is inside, in both headers.
    let mut at = 0;
    while let Some(found) = archive.get(at..).and_then(|rest| {
        rest.windows(4).position(|four| four == b"PK\x03\x04" || four == b"PK\x01\x02")
    }) {
        let start = at + found;
        let shift = if archive[start + 2] == 3 { 0 } else { 2 };
        if shift == 0 {
            let word =
                |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
            let name = usize::from(u16::from_le_bytes([archive[start + 26], archive[start + 27]]));
            let data = start + 30 + name;
            let packed = archive[data..data + word(start + 18)].to_vec();
            let content = miniz_oxide::inflate::decompress_to_vec(&packed).unwrap_or_default();
            let sum = crc32(&content).to_le_bytes();
            let title = archive[start + 30..data].to_vec();
            archive[start + 14..start + 18].copy_from_slice(&sum);
            let directory = archive
                .windows(46 + name)
                .position(|w| w.starts_with(b"PK\x01\x02") && w[46..] == title[..])
                .unwrap();
            archive[directory + 16..directory + 20].copy_from_slice(&sum);
            at = data + packed.len();
        } else {
            at = start + 4;
        }
    }
    archive
}

/// Pixels of a gentle picture.
pub fn pixels(width: u16, height: u16) -> Vec<u8> {
    let mut out = Vec::new();
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            out.extend_from_slice(&[
                (x * 255 / u32::from(width)) as u8,
                (y * 255 / u32::from(height)) as u8,
                if (x / 16 + y / 16) % 2 == 0 { 60 } else { 180 },
            ]);
        }
    }
    out
}

/// A JPEG.
pub fn jpeg(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 90);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels(width, height), width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    out
}

/// What a telephone writes of the place: found by a scan of the bytes.
pub const PLACE: &[u8] = b"51.128207N 71.430411E Mangilik El 8";

/// EXIF with an orientation and a place.
pub fn exif(turn: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    let place = 8 + 2 + 3 * 12 + 4;
    tiff.extend_from_slice(b"\x01\x0e\0\x02");
    tiff.extend_from_slice(&(PLACE.len() as u32).to_be_bytes());
    tiff.extend_from_slice(&(place as u32).to_be_bytes());
    tiff.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0]);
    // The directory of GPS stands behind the text.
    tiff.extend_from_slice(b"\x88\x25\0\x04\0\0\0\x01");
    tiff.extend_from_slice(&((place + PLACE.len()) as u32).to_be_bytes());
    tiff.extend_from_slice(&[0; 4]);
    tiff.extend_from_slice(PLACE);
    tiff.extend_from_slice(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0");
    tiff
}

/// A JPEG as a telephone writes it: EXIF with the place, XMP, a comment, a thumbnail's worth of
/// maker's data, and something behind the end.
pub fn photo(width: u16, height: u16, turn: u8) -> Vec<u8> {
    let plain = jpeg(width, height, false);
    let mut out = plain[..2].to_vec();
    let mut segment = |marker: u8, body: &[u8]| {
        out.extend_from_slice(&[0xff, marker]);
        out.extend_from_slice(&((body.len() + 2) as u16).to_be_bytes());
        out.extend_from_slice(body);
    };
    segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(turn)].concat());
    segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), PLACE].concat());
    segment(0xed, &[b"Photoshop 3.0\0".as_slice(), PLACE].concat());
    segment(0xfe, PLACE);
    out.extend_from_slice(&plain[2..]);
    out.extend_from_slice(b"\0\0\0\x18ftypmp42 a moving picture ");
    out.extend_from_slice(PLACE);
    out
}

/// A chunk of a PNG.
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = (body.len() as u32).to_be_bytes().to_vec();
    let named = [name.as_slice(), body].concat();
    out.extend_from_slice(&named);
    out.extend_from_slice(&crc32(&named).to_be_bytes());
    out
}

/// A PNG with texts and EXIF.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut plain = Vec::new();
    {
        let mut encoder = png::Encoder::new(&mut plain, width, height);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels(width as u16, height as u16)).unwrap();
    }
    let text = [b"Comment\0".as_slice(), PLACE].concat();
    let added = [chunk(b"tEXt", &text), chunk(b"eXIf", &exif(6)), chunk(b"tIME", &[0; 7])].concat();
    // Behind IHDR: 8 bytes of signature and 25 of the chunk.
    [&plain[..33], &added, &plain[33..], b"behind the end ", PLACE].concat()
}

fn mp4_box(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&((body.len() + 8) as u32).to_be_bytes(), name.as_slice(), body].concat()
}

/// A video: head, directory and nothing to see.
pub fn mp4(width: u32, height: u32, seconds: u32, handler: &[u8; 4]) -> Vec<u8> {
    let mut mvhd = vec![0; 100];
    mvhd[12..16].copy_from_slice(&1000u32.to_be_bytes());
    mvhd[16..20].copy_from_slice(&(seconds * 1000).to_be_bytes());
    let mut tkhd = vec![0; 84];
    tkhd[76..80].copy_from_slice(&(width << 16).to_be_bytes());
    tkhd[80..84].copy_from_slice(&(height << 16).to_be_bytes());
    let mut hdlr = vec![0; 25];
    hdlr[8..12].copy_from_slice(handler);
    let track = [mp4_box(b"tkhd", &tkhd), mp4_box(b"mdia", &mp4_box(b"hdlr", &hdlr))].concat();
    let moov = [mp4_box(b"mvhd", &mvhd), mp4_box(b"trak", &track)].concat();
    [
        mp4_box(b"ftyp", b"isom\0\0\x02\0isommp42"),
        mp4_box(b"mdat", &[7; 3000]),
        mp4_box(b"moov", &moov),
    ]
    .concat()
}

/// The file that every scanner finds, in two halves so that none finds it here.
pub fn eicar() -> Vec<u8> {
    let halves = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];
    halves.concat().into_bytes()
}
