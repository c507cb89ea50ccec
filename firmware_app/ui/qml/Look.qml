pragma Singleton
import QtQuick

// Sizes and colours. A millimetre is a 56th of the narrow side: a 4.3 inch screen of 480 × 800. Contrast of text is at least
// 7:1, in the night at least 4.5:1 (tests/firmware_app/ui measures it).
QtObject {
    id: look
    property real narrow: 480
    property bool wide: false  // on its side
    property bool night: prefs.night
    readonly property real mm: narrow / 56
    readonly property real touch: Math.ceil(9.2 * mm)
    readonly property real gap: Math.round(1.2 * mm)
    readonly property real edge: Math.round(1.6 * mm)
    readonly property real radius: Math.round(1.2 * mm)
    readonly property real scale: [1, 1.2, 1.4][prefs.textSize]
    readonly property int body: Math.round(2.75 * mm * scale)
    readonly property int small: Math.round(2.3 * mm * scale)
    readonly property int large: Math.round(3.4 * mm * scale)
    readonly property int huge: Math.round(6 * mm * scale)

    readonly property color ground: night ? "#000000" : "#0d0f12"
    readonly property color surface: night ? "#150c04" : "#20252c"
    readonly property color line: night ? "#6b4826" : "#6d7a88"
    readonly property color text: night ? "#d0935a" : "#f5f5f5"
    readonly property color quiet: night ? "#b07a45" : "#c3cad2"
    readonly property color accent: night ? "#d0935a" : "#ffd479"
    readonly property color accentInk: "#000000"
    readonly property color trouble: night ? "#e0a070" : "#ffb4a9"
}
