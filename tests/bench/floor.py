"""The smallest PySide6 tray program: what the budgets are measured against."""

import sys

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

application = QApplication(sys.argv)
pixmap = QPixmap(22, 22)
pixmap.fill(QColor("#2563C9"))
tray = QSystemTrayIcon(QIcon(pixmap))
tray.show()
sys.exit(application.exec())
