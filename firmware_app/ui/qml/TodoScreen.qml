import QtQuick

Page {
    title: qsTr("ui:todo:title")
    Words { width: parent.width; visible: evening.followUps.length === 0; text: qsTr("ui:todo:none") }
    Repeater {
        model: evening.followUps
        TodoRow { width: parent.width; named: true }
    }
}
