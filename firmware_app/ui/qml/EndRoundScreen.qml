import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:end_round")
    property bool unfinished: false
    Words {
        width: parent.width
        text: page.unfinished ? app.fill(qsTr("error:drafts_open"), [evening.drafts.length]) : qsTr("ui:round:end_means")
    }
    foot: [
        Tap { visible: page.unfinished; width: parent.width; text: qsTr("ui:round:complete_them"); onClicked: { app.home(); app.go("later"); } },
        Tap {
            visible: page.unfinished && evening.drafts.some(each => !each.typed)
            width: parent.width
            text: qsTr("ui:round:leave_them")
            onClicked: { evening.leaveDrafts(); page.unfinished = false; }
        },
        Tap { visible: !page.unfinished; width: parent.width; primary: true; text: qsTr("ui:evening:end_round"); onClicked: evening.endRound() }
    ]
    Connections {
        target: evening
        function onDraftsOpen() { page.unfinished = true; }
        function onRoundEnded() { app.home(); }
    }
}
