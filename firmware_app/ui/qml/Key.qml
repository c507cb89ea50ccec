import QtQuick

Rectangle {
    id: key
    property string text
    property string says: text
    property bool on: false
    signal pressed
    height: Look.touch
    color: "transparent"
    Accessible.role: Accessible.Button
    Accessible.name: says
    Accessible.onPressAction: key.pressed()
    Rectangle {
        anchors.fill: parent
        anchors.margins: 2
        radius: Look.radius
        color: area.pressed || key.on ? Look.accent : Look.surface
        Text {
            anchors.centerIn: parent
            text: key.text
            color: area.pressed || key.on ? Look.accentInk : Look.text
            font.pixelSize: Math.min(Look.body, Math.round(3.2 * Look.mm))
            Accessible.ignored: true
        }
    }
    MouseArea {
        id: area
        anchors.fill: parent
        onPressed: key.pressed()
    }
}
