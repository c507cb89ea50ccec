import QtQuick

// Another PIN: the present one, the new one twice; then it locks, and is asked for.
Page {
    id: page
    title: qsTr("ui:settings:pin")
    property bool known: false
    Component.onCompleted: { lock.clear(); lock.remember(); }
    Component.onDestruction: { lock.clear(); lock.remember(); }
    Words {
        width: parent.width
        text: lock.message !== "" ? lock.message : lock.busy ? qsTr("ui:lock:busy") : !page.known ? qsTr("ui:lock:enter_pin") : lock.remembered ? qsTr("label:new_pin_again") : qsTr("label:new_pin")
    }
    PinPad {
        anchors.horizontalCenter: parent.horizontalCenter
        columns: Look.wide ? 6 : 3
        action: !page.known ? qsTr("ui:lock:open") : lock.remembered ? qsTr("ui:contact:save") : qsTr("ui:key:done")
        onEntered: !page.known ? lock.confirm() : lock.remembered ? lock.change() : lock.remember()
    }
    Connections {
        target: lock
        function onConfirmed() { page.known = true; }
        function onPinChanged() { app.hide(); }
    }
}
