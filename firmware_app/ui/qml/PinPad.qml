import QtQuick

// Digits go to the model one by one; how many there are is all that is shown.
Column {
    id: pad
    property string action: qsTr("ui:lock:open")
    property bool usable: lock.ready
    signal entered
    spacing: Look.gap
    property real across: 48 * Look.mm
    property int columns: 3  // 6: two rows, below a heading on its side
    readonly property real key: columns > 3 ? 1.1 * Look.touch : Math.max(Look.touch, Math.min((across - 4 * Look.gap) / 3, 1.6 * Look.touch))
    readonly property real keyHeight: Math.max(Look.touch, Math.min(1.25 * Look.touch, (room - 5 * Look.gap) / (columns > 3 ? 3 : 5)))
    property real room: 7 * Look.touch

    Text {
        width: grid.width
        height: Look.touch * 0.7
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        text: "•".repeat(Math.min(lock.length, 16))
        color: Look.text
        font.pixelSize: Look.large
        Accessible.role: Accessible.StaticText
        Accessible.name: app.fill(qsTr("ui:lock:typed"), [lock.length])
    }
    Grid {
        id: grid
        columns: pad.columns
        spacing: Look.gap
        enabled: !lock.busy && lock.waitSeconds === 0 && usable
        Repeater {
            model: lock.digits.slice(0, 9)
            Tap {
                required property int modelData
                width: pad.key
                height: pad.keyHeight
                text: modelData
                onClicked: lock.press(modelData)
            }
        }
        Tap {
            width: pad.key
            height: pad.keyHeight
            text: "⌫"
            says: qsTr("ui:key:erase")
            onClicked: lock.erase()
        }
        Tap {
            width: pad.key
            height: pad.keyHeight
            text: lock.digits[9]
            onClicked: lock.press(lock.digits[9])
        }
        Tap {
            width: pad.key
            height: pad.keyHeight
            primary: true
            oneLine: true
            enabled: grid.enabled && lock.length > 0
            text: pad.action
            onClicked: pad.entered()
        }
    }
}
