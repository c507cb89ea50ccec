import QtQuick

// Another PIN: twice, then it locks, and is asked for.
Page {
    id: page
    title: qsTr("ui:settings:pin")
    Component.onCompleted: { lock.clear(); lock.remember(); }
    Component.onDestruction: { lock.clear(); lock.remember(); }
    Words {
        width: parent.width
        text: lock.message !== "" ? lock.message : lock.busy ? qsTr("ui:lock:busy") : lock.remembered ? qsTr("label:new_pin_again") : qsTr("label:new_pin")
    }
    PinPad {
        anchors.horizontalCenter: parent.horizontalCenter
        action: lock.remembered ? qsTr("ui:contact:save") : qsTr("ui:key:done")
        onEntered: lock.remembered ? lock.change() : lock.remember()
    }
    Connections { target: lock; function onPinChanged() { app.hide(); } }
}
