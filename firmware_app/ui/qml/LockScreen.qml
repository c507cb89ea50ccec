import QtQuick

// No name, no mark, no count: a clock, shapes, digits.
Item {
    id: screen
    readonly property bool wide: width > height
    focus: true
    // A keyboard that is plugged in types too.
    Keys.onPressed: event => {
        if (event.key >= Qt.Key_0 && event.key <= Qt.Key_9) lock.press(event.key - Qt.Key_0);
        else if (event.key === Qt.Key_Backspace) lock.erase();
        else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) lock.enter();
    }

    Grid {
        anchors.centerIn: parent
        columns: screen.wide ? 2 : 1
        columnSpacing: 4 * Look.edge
        rowSpacing: Look.gap
        horizontalItemAlignment: Grid.AlignHCenter
        verticalItemAlignment: Grid.AlignVCenter
        Column {
            spacing: Look.gap
            width: Math.min((screen.wide ? screen.width / 2 : screen.width) - 4 * Look.edge, 48 * Look.mm)
            Text {
                id: clock
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                color: Look.text
                font.pixelSize: Look.huge
                Accessible.role: Accessible.Clock
                Accessible.name: text
                function tick() { text = app.clock(); }
                Component.onCompleted: tick()
                Timer {
                    // Once a minute: nothing moves that need not.
                    interval: 1000 * (60 - new Date().getSeconds())
                    running: !app.hidden
                    repeat: true
                    onTriggered: { interval = 60000; clock.tick(); }
                }
            }
            Row {
                anchors.horizontalCenter: parent.horizontalCenter
                spacing: Look.gap
                visible: lock.users > 1
                Repeater {
                    model: lock.users
                    Rectangle {
                        id: who
                        required property int index
                        readonly property string says: app.fill(qsTr("ui:lock:person"), [index + 1])
                        signal clicked
                        onClicked: lock.selected = index
                        width: Look.touch
                        height: Look.touch
                        radius: Look.radius
                        color: lock.selected === index ? Look.accent : Look.surface
                        border.width: lock.selected === index ? 3 : 1
                        border.color: lock.selected === index ? Look.text : Look.line
                        Accessible.role: Accessible.RadioButton
                        Accessible.name: says
                        Accessible.checked: lock.selected === index
                        Accessible.onPressAction: who.clicked()
                        Shape { anchors.centerIn: parent; kind: who.index; ink: lock.selected === who.index ? Look.accentInk : Look.text }
                        MouseArea { anchors.fill: parent; onClicked: who.clicked() }
                    }
                }
            }
            Words {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: lock.waitSeconds > 0 ? app.fill(qsTr("ui:lock:wait"), [lock.waitSeconds])
                    : lock.message !== "" ? lock.message
                    : lock.busy ? qsTr("ui:lock:busy") : qsTr("ui:lock:enter_pin")
            }
            // Her keys here are gone; a colleague's are not.
            Tap { width: parent.width; visible: lock.ready && lock.needsTicket; text: qsTr("ui:enrol:with_ticket"); onClicked: app.go("enrol") }
        }
        Column {
            visible: !lock.ready && lock.message !== ""
            spacing: Look.gap
            width: 40 * Look.mm
            Tap { width: parent.width; visible: !lock.needsTicket; text: qsTr("ui:sync:again"); onClicked: lock.open() }
            Tap { width: parent.width; visible: lock.needsTicket; text: qsTr("ui:enrol:with_ticket"); onClicked: app.go("enrol") }
            Tap { width: parent.width; visible: lock.wiping; text: qsTr("ui:evening:sync"); onClicked: app.go("sync") }
        }
        PinPad {
            visible: lock.ready || lock.message === ""
            across: screen.wide ? screen.width / 2 - 2 * Look.edge : screen.width - 2 * Look.edge
            room: screen.wide ? screen.height : screen.height * 0.66
            onEntered: lock.enter()
        }
    }
}
