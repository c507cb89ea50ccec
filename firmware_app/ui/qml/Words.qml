import QtQuick

// Text: wrapped, never clipped, plain.
Text {
    property bool loud: false
    property bool soft: false
    color: soft ? Look.quiet : Look.text
    font.pixelSize: loud ? Look.large : (soft ? Look.small : Look.body)
    font.bold: loud
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
