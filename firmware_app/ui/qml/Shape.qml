import QtQuick

// A shape that says nothing about anybody.
Item {
    id: shape
    property int kind: 0
    property color ink
    readonly property real side: 3.6 * Look.mm
    width: side
    height: side
    Rectangle {
        visible: shape.kind % 4 !== 3
        anchors.centerIn: parent
        width: shape.side * (shape.kind % 4 === 2 ? 0.78 : 1)
        height: width
        radius: shape.kind % 4 === 0 ? width / 2 : 0
        rotation: shape.kind % 4 === 2 ? 45 : 0
        color: shape.kind < 4 ? shape.ink : "transparent"
        border.width: 3
        border.color: shape.ink
    }
    Rectangle {
        visible: shape.kind % 4 === 3
        anchors.centerIn: parent
        width: shape.side
        height: shape.side / 3
        color: shape.ink
    }
    Rectangle {
        visible: shape.kind % 4 === 3
        anchors.centerIn: parent
        width: shape.side / 3
        height: shape.side
        color: shape.ink
    }
}
